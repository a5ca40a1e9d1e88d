package io.millrace.crdt.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.type.TwinId;
import io.millrace.memory.TrackedArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PooledCheckTest {
    private static final TwinId TWIN = new TwinId(3, 4);

    @Test
    void manyThreadsSayInOrderWhatOneSays() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final List<SignedOperation> operations = new ArrayList<>();
        try (Actor alice = new Actor("alice");
                Actor bob = new Actor("bob");
                OperationCodec codec = new OperationCodec();
                OperationVerifier one = new OperationVerifier()) {
            for (int i = 0; i < 1500; i++) {
                final OperationHeader header = new OperationHeader(
                        TWIN, alice.id, 0, i, null, List.of(), 1, codec.hashOf(new byte[] {(byte) i}));
                operations.add((random.nextInt(5) == 0 ? bob : alice).sign(header, null));
            }
            final long before = TrackedArena.liveBytes();
            try (PooledCheck pool = new PooledCheck(3)) {
                for (final int count : new int[] {0, 1, 63, 64, 65, 1500, 7}) {
                    final List<SignedOperation> some = operations.subList(0, count);
                    assertThat(pool.verifyAll(some)).as("seed=" + seed).isEqualTo(one.verifyAll(some));
                }
            }
            assertThat(TrackedArena.liveBytes()).isEqualTo(before);
            assertThat(one.verifyAll(operations)).contains(true, false);
        }
    }
}
