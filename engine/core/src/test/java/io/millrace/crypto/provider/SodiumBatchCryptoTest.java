package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The contract, for the provider {@code sodium}, and that it allocates nothing. */
class SodiumBatchCryptoTest extends BatchCryptoContractTest {
    private static final int BATCH = 16;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    BatchCrypto provider() {
        return CryptoProviders.byName("sodium");
    }

    @Test
    void allocatesNothing() {
        final BatchCrypto crypto = provider();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment slab = arena.allocate(BATCH * 512L).fill((byte) 9);
            final AddressArray text = new AddressArray(arena, BATCH).fill(BATCH, slab, 0, 512);
            final AddressArray tag = new AddressArray(arena, BATCH).fill(BATCH, slab, 256, 512);
            final AddressArray key = new AddressArray(arena, BATCH).fill(BATCH, slab, 320, 512);
            final AddressArray out = new AddressArray(arena, BATCH).fill(BATCH, slab, 384, 512);
            final StatusArray ok = new StatusArray(arena, BATCH);
            final MemorySegment salt = slab.asSlice(448, 16);
            assertAllocatesNothing(250, () -> crypto.x25519(BATCH, out, key, text, ok));
            assertAllocatesNothing(250, () -> crypto.x25519Base(BATCH, out, key));
            assertAllocatesNothing(2_000, () -> crypto.chacha20Xor(BATCH, text, 256, key));
            assertAllocatesNothing(2_000, () -> crypto.blake2b(BATCH, out, 64, text, 256, key, 32, salt, salt));
            assertAllocatesNothing(2_000, () -> crypto.aeadSeal(BATCH, text, 256, tag, out, 10, out, key));
            assertAllocatesNothing(2_000, () -> crypto.aeadOpen(BATCH, text, 256, tag, out, 10, out, key, ok));
        }
    }

    private static void assertAllocatesNothing(int batches, Runnable batch) {
        // The first calls run in the interpreter, which boxes the arguments of method handles.
        repeat(batches, batch);
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(batches, batch);
        final long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat((double) allocated / batches / BATCH).as("bytes per input").isLessThan(1.0);
    }

    private static void repeat(int times, Runnable batch) {
        for (int i = 0; i < times; i++) {
            batch.run();
        }
    }
}
