package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.LanesLevel;
import io.millrace.natives.LanesLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract, for the provider {@code lanes} where there is one: with vectors for all, for some and for no input. */
class LanesBatchCryptoTest {
    private static final int BATCH = 16;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static BatchCrypto lanes(LanesCrossover crossover) {
        return lanes(LanesLibrary.level().orElse(LanesLevel.AVX2), crossover);
    }

    private static BatchCrypto lanes(LanesLevel level, LanesCrossover crossover) {
        final LanesKernels.Choice choice = LanesKernels.at(level);
        assumeTrue(LanesLibrary.level().filter(level::runsWhere).isPresent(), choice::reason);
        assertThat(choice.provider()).as(choice.reason()).isPresent();
        return new LanesBatchCrypto("lanes", level, crossover);
    }

    /** The kernels that another processor would get. */
    @Nested
    class WithoutIfma extends BatchCryptoContractTest {
        @Override
        BatchCrypto provider() {
            return lanes(LanesLevel.AVX512, LanesCrossover.ALWAYS);
        }

        @Override
        boolean givesMaps() {
            return false;
        }
    }

    /** Vectors of four. */
    @Nested
    class WithoutAvx512 extends BatchCryptoContractTest {
        @Override
        BatchCrypto provider() {
            return lanes(LanesLevel.AVX2, LanesCrossover.ALWAYS);
        }

        @Override
        boolean givesMaps() {
            return false;
        }
    }

    /** What fills no vector of four goes to libsodium. */
    @Nested
    class FullVectorsOfAvx2 extends BatchCryptoContractTest {
        @Override
        BatchCrypto provider() {
            return lanes(LanesLevel.AVX2, new LanesCrossover(4, 4, 4, 4, 4, 4));
        }

        @Override
        boolean givesMaps() {
            return false;
        }
    }

    /** The kernels that this processor gets, whichever they are. */
    abstract static class AtTheLevelOfThisProcessor extends BatchCryptoContractTest {
        @Override
        boolean givesMaps() {
            return LanesLibrary.level().filter(LanesLevel.IFMA::equals).isPresent();
        }
    }

    /** Partial vectors too. */
    @Nested
    class AllInVectors extends AtTheLevelOfThisProcessor {
        @Override
        BatchCrypto provider() {
            return lanes(LanesCrossover.ALWAYS);
        }
    }

    /** Only vectors with three or more lanes in use; the rest goes to libsodium. */
    @Nested
    class SomeInVectors extends AtTheLevelOfThisProcessor {
        @Override
        BatchCrypto provider() {
            return lanes(new LanesCrossover(3, 3, 3, 3, 3, 3));
        }
    }

    /** A processor for which vectors never pay. */
    @Nested
    class NoneInVectors extends AtTheLevelOfThisProcessor {
        @Override
        BatchCrypto provider() {
            final int never = LanesCrossover.NEVER;
            return lanes(new LanesCrossover(never, never, never, never, never, never));
        }
    }

    @Test
    void allocatesNothing() {
        final BatchCrypto crypto = lanes(new LanesCrossover(3, 3, 3, 3, 3, 3));
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment slab = arena.allocate(BATCH * 512L).fill((byte) 9);
            final AddressArray text = new AddressArray(arena, BATCH).fill(BATCH, slab, 0, 512);
            final AddressArray tag = new AddressArray(arena, BATCH).fill(BATCH, slab, 256, 512);
            final AddressArray key = new AddressArray(arena, BATCH).fill(BATCH, slab, 320, 512);
            final AddressArray out = new AddressArray(arena, BATCH).fill(BATCH, slab, 384, 512);
            final StatusArray ok = new StatusArray(arena, BATCH);
            final MemorySegment salt = slab.asSlice(448, 16);
            assertAllocatesNothing(1_000, () -> crypto.x25519(BATCH, out, key, text, ok));
            assertAllocatesNothing(1_000, () -> crypto.x25519Base(BATCH, out, key));
            assertAllocatesNothing(4_000, () -> crypto.chacha20Xor(BATCH, text, 256, key));
            assertAllocatesNothing(4_000, () -> crypto.blake2b(BATCH, out, 64, text, 256, key, 32, salt, salt));
            assertAllocatesNothing(4_000, () -> crypto.sha512(BATCH, text, text, 256));
            assertAllocatesNothing(1_000, () -> crypto.edwardsMap(BATCH, out, key, text, ok));
            assertAllocatesNothing(4_000, () -> crypto.aeadSeal(BATCH, text, 256, tag, out, 10, out, key));
            assertAllocatesNothing(4_000, () -> crypto.aeadOpen(BATCH, text, 256, tag, out, 10, out, key, ok));
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
