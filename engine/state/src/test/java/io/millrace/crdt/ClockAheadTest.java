package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.HybridTime;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An author writes while the machine's clock is far ahead; then the clock is right again. */
class ClockAheadTest {
    private static final TwinId TWIN = TwinId.ofHex("000102030405060708090a0b0c0d0e0f");
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final long SKEW_MS = 60_000;
    private static final long AHEAD_MS = TimeUnit.DAYS.toMillis(400);

    private final Actor alice = new Actor("alice");
    private final Actor bob = new Actor("bob");
    private final ActorRegistry registry = Actor.registry(alice, bob);
    private final OperationCodec codec = new OperationCodec();
    private final List<AutoCloseable> open = new ArrayList<>();
    private long wallMs = NOW_MS;

    @AfterEach
    void close() throws Exception {
        for (final AutoCloseable each : open) {
            each.close();
        }
        codec.close();
        alice.close();
        bob.close();
    }

    @Test
    void theOwnerWritesAgainAndTheNewWriteWins() throws IOException {
        final MemoryLog log = keep(new MemoryLog());
        final Replica replica = replica(log, SKEW_MS);
        whileAhead(() -> alice.edit(replica, draft -> draft.set("color", Value.of("green"))));

        final SignedOperation blue = decoded(alice.edit(replica, draft -> draft.set("color", Value.of("blue"))));

        assertThat(HybridTime.ms(blue.header().time())).isEqualTo(NOW_MS);
        assertColor(replica, "blue");
        final Replica reopened = replica(log, SKEW_MS);
        assertColor(reopened, "blue");
        alice.edit(reopened, draft -> draft.delete("color"));
        assertThat(reopened.twin().properties().get("color")).isEmpty();
        assertThat(replica(log, SKEW_MS).twin()).isEqualTo(reopened.twin());
    }

    @Test
    void othersWaitUnlessTheyAgreeAndAreNotDraggedAlong() throws IOException {
        final Replica source = replica(keep(new MemoryLog()), SKEW_MS);
        final byte[] green = whileAhead(() -> alice.edit(source, draft -> draft.set("color", Value.of("green"))));
        final byte[] blue = alice.edit(source, draft -> draft.set("color", Value.of("blue")));

        final Replica strict = replica(keep(new MemoryLog()), SKEW_MS);
        assertThat(strict.receive(green)).isEqualTo(OperationOutcome.FUTURE_CLOCK);
        assertThat(strict.receive(blue)).isEqualTo(OperationOutcome.GAP);

        final MemoryLog log = keep(new MemoryLog());
        final Replica agreeing = replica(log, 2 * AHEAD_MS);
        assertThat(agreeing.receive(green)).isEqualTo(OperationOutcome.ACCEPTED);
        assertThat(agreeing.receive(blue)).isEqualTo(OperationOutcome.ACCEPTED);
        assertColor(agreeing, "blue");

        // From the log, and with the usual bound again: writes are of now, win, and are taken by replicas
        // with the others.
        final Replica strictAgain = replica(log, SKEW_MS);
        final SignedOperation red = decoded(bob.edit(strictAgain, draft -> draft.set("color", Value.of("red"))));
        assertThat(HybridTime.ms(red.header().time())).isEqualTo(NOW_MS);
        assertColor(strictAgain, "red");
        assertThat(source.receive(codec.encode(red))).isEqualTo(OperationOutcome.ACCEPTED);
        assertThat(source.twin()).isEqualTo(strictAgain.twin());
    }

    @Test
    void compactionKeepsTheWriteThatWon() throws IOException {
        final Replica replica = replica(keep(new MemoryLog()), SKEW_MS);
        whileAhead(() -> alice.edit(replica, draft -> draft.set("color", Value.of("green"))));
        alice.edit(replica, draft -> draft.set("color", Value.of("blue")));
        final MemoryLog compacted = keep(new MemoryLog());

        Compaction.into(compacted, replica);

        assertThat(replica(compacted, SKEW_MS).twin()).isEqualTo(replica.twin());
    }

    @Test
    void clocksThatJumpLeaveOneDocumentInEveryOrderOfArrival() throws IOException {
        final long seed = new Random().nextLong();
        final Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            final Replica a = replica(keep(new MemoryLog()), 4 * AHEAD_MS);
            final Replica b = replica(keep(new MemoryLog()), 4 * AHEAD_MS);
            final List<byte[]> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                wallMs = NOW_MS + random.nextLong(-AHEAD_MS, AHEAD_MS);
                final boolean first = random.nextBoolean();
                final String value = "v" + i;
                final byte[] operation =
                        (first ? alice : bob).edit(first ? a : b, draft -> draft.set("color", Value.of(value)));
                all.add(operation);
                if (random.nextInt(3) == 0) {
                    (first ? b : a).receive(operation);
                    assertLatestOfItsOwnWins(first ? a : b, value, seed);
                }
            }
            wallMs = NOW_MS;
            final Twin expected = shuffled(all, random).twin();
            for (int i = 0; i < 3; i++) {
                assertThat(shuffled(all, random).twin()).as("seed " + seed).isEqualTo(expected);
            }
        }
    }

    private static void assertLatestOfItsOwnWins(Replica writer, String value, long seed) {
        assertThat(writer.twin().properties().get("color")).as("seed " + seed).contains(Value.of(value));
    }

    private Replica shuffled(List<byte[]> operations, Random random) throws IOException {
        final List<byte[]> order = new ArrayList<>(operations);
        Collections.shuffle(order, random);
        final Replica replica = replica(keep(new MemoryLog()), 4 * AHEAD_MS);
        for (final byte[] each : order) {
            replica.receive(each);
        }
        assertThat(replica.size()).isEqualTo(operations.size());
        return replica;
    }

    private static void assertColor(Replica replica, String color) {
        assertThat(replica.twin().properties().get("color")).contains(Value.of(color));
    }

    @FunctionalInterface
    private interface Edit {
        byte[] make() throws IOException;
    }

    private byte[] whileAhead(Edit edit) throws IOException {
        wallMs += AHEAD_MS;
        try {
            return edit.make();
        } finally {
            wallMs -= AHEAD_MS;
        }
    }

    private SignedOperation decoded(byte[] operation) {
        return codec.decode(operation).orElseThrow();
    }

    private Replica replica(OperationLog log, long skewMs) throws IOException {
        return keep(Replica.open(
                TWIN,
                registry,
                new HybridClock(() -> wallMs, skewMs),
                log,
                ReplicaLimits.DEFAULT,
                segment -> segment.fill((byte) 5)));
    }

    private <T extends AutoCloseable> T keep(T each) {
        open.addFirst(each);
        return each;
    }
}
