package io.millrace.crypto.provider;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.Operands;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.metrics.NanoClock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Self-test of the provider {@code lanes} when a process starts, in about ten milliseconds: the same results as
 * {@code sodium} over full and partial vectors, good inputs and bad ones, and then the crossovers, measured.
 *
 * <p>The inputs are pseudo-random and no secrets. Not thread safe.
 */
final class LanesTrial implements AutoCloseable {
    /** Two full vectors and a partial one, and one for a queue of ChaCha20 blocks that is not full. */
    private static final int[] COUNTS = {1, 8, 19};

    private static final int MAX_COUNT = 19;
    private static final int SLOT_LENGTH = 4096;
    private static final int TEXT_LENGTH = 2050;
    private static final int SHORT_LENGTH = 32;
    private static final int AD_LENGTH = 10;
    private static final int HASH_LENGTH = 992;
    private static final int DIGESTED_LENGTH = 244;
    private static final int TIMED_RUNS = 25;

    private final Arena arena = Arena.ofConfined();
    private final SplittableRandom random = new SplittableRandom(0x6c616e6573L);

    /** The operands of one provider; those of the other one start equal. */
    private final Operands lanes = new Operands();

    private final Operands sodium = new Operands();

    /** Texts, keys, scalars, points, nonces, data, tags and outputs of a provider. */
    private final class Operands {
        private final MemorySegment memory = arena.allocate(9L * MAX_COUNT * SLOT_LENGTH);
        private final AddressArray text = array(0);
        private final AddressArray key = array(1);
        private final AddressArray point = array(2);
        private final AddressArray nonce = array(3);
        private final AddressArray ad = array(4);
        private final AddressArray tag = array(5);
        private final AddressArray out = array(6);
        private final AddressArray hash = array(7);
        private final AddressArray digest = array(8);
        private final StatusArray ok = new StatusArray(arena, MAX_COUNT);

        private AddressArray array(int operand) {
            return new AddressArray(arena, MAX_COUNT)
                    .fill(MAX_COUNT, memory, (long) operand * MAX_COUNT * SLOT_LENGTH, SLOT_LENGTH);
        }

        /** The bytes of element {@code index} of an operand. */
        private MemorySegment element(AddressArray operand, int index) {
            return memory.asSlice(operand.get(index) - memory.address(), SLOT_LENGTH);
        }
    }

    /** Runs all primitives of both providers; the first difference, if there is one. */
    Optional<String> difference(BatchCrypto lanesProvider, BatchCrypto sodiumProvider) {
        for (int count : COUNTS) {
            start();
            run(lanesProvider, count, lanes);
            run(sodiumProvider, count, sodium);
            final long mismatch = lanes.memory.mismatch(sodium.memory);
            if (mismatch >= 0) {
                return Optional.of("operand " + mismatch / SLOT_LENGTH / MAX_COUNT + " of input "
                        + mismatch / SLOT_LENGTH % MAX_COUNT + " of " + count);
            }
            for (int i = 0; i < count; i++) {
                if (lanes.ok.ok(i) != sodium.ok.ok(i)) {
                    return Optional.of("verdict on input " + i + " of " + count);
                }
            }
        }
        try (EdwardsMapTrial map = new EdwardsMapTrial(random)) {
            return map.difference(lanesProvider);
        }
    }

    /** Measures from how many inputs on vectors pay, on this machine and with this libsodium. */
    LanesCrossover crossover(BatchCrypto lanesProvider, BatchCrypto sodiumProvider, NanoClock clock) {
        start();
        return new LanesCrossover(
                between(clock, () -> x25519(lanesProvider, 1, lanes), () -> x25519(sodiumProvider, 1, sodium)),
                between(
                        clock,
                        () -> lanesProvider.x25519Base(1, lanes.out, lanes.key),
                        () -> sodiumProvider.x25519Base(1, sodium.out, sodium.key)),
                between(clock, () -> hash(lanesProvider, 1, lanes), () -> hash(sodiumProvider, 1, sodium)),
                between(clock, () -> digest(lanesProvider, 1, lanes), () -> digest(sodiumProvider, 1, sodium)),
                sealed(lanesProvider, sodiumProvider, clock, TEXT_LENGTH),
                sealed(lanesProvider, sodiumProvider, clock, SHORT_LENGTH));
    }

    /** Frees the operands. */
    @Override
    public void close() {
        arena.close();
    }

    /** Random operands, the same for both providers; some points of low order. */
    private void start() {
        for (long offset = 0; offset < lanes.memory.byteSize(); offset += Long.BYTES) {
            lanes.memory.set(JAVA_LONG_UNALIGNED, offset, random.nextLong());
        }
        for (int i = 4; i < MAX_COUNT; i += 5) {
            // 0 and 1 are of low order.
            lanes.element(lanes.point, i).asSlice(0, 32).fill((byte) 0).set(JAVA_LONG_UNALIGNED, 0, i / 5 % 2);
        }
        sodium.memory.copyFrom(lanes.memory);
    }

    private void run(BatchCrypto provider, int count, Operands o) {
        x25519(provider, count, o);
        for (int i = 0; i < count; i++) {
            // The output for a refused input is not specified.
            if (!o.ok.ok(i)) {
                o.element(o.out, i).fill((byte) 0);
            }
        }
        hash(provider, count, o);
        digest(provider, count, o);
        provider.x25519Base(count, o.point, o.key);
        provider.chacha20Xor(count, o.text, HASH_LENGTH, o.key);
        seal(provider, count, o, TEXT_LENGTH);
        for (int i = 0; i < count; i += 3) {
            final MemorySegment tag = o.element(o.tag, i);
            tag.set(JAVA_LONG_UNALIGNED, 8, tag.get(JAVA_LONG_UNALIGNED, 8) ^ 1L << i);
        }
        provider.aeadOpen(count, o.text, TEXT_LENGTH, o.tag, o.ad, AD_LENGTH, o.nonce, o.key, o.ok);
        for (int i = 0; i < count; i++) {
            if (!o.ok.ok(i)) {
                o.element(o.text, i).fill((byte) 0);
            }
        }
    }

    private static void x25519(BatchCrypto provider, int count, Operands o) {
        provider.x25519(count, o.out, o.key, o.point, o.ok);
    }

    private static void hash(BatchCrypto provider, int count, Operands o) {
        final MemorySegment shared = o.element(o.nonce, 0);
        provider.blake2b(
                count, o.hash, 64, o.text, HASH_LENGTH, o.key, 32, shared.asSlice(0, 16), shared.asSlice(16, 16));
    }

    private static void digest(BatchCrypto provider, int count, Operands o) {
        provider.sha512(count, o.digest, o.text, DIGESTED_LENGTH);
    }

    private static void seal(BatchCrypto provider, int count, Operands o, int length) {
        provider.aeadSeal(count, o.text, length, o.tag, o.ad, AD_LENGTH, o.nonce, o.key);
    }

    private int sealed(BatchCrypto lanesProvider, BatchCrypto sodiumProvider, NanoClock clock, int length) {
        return between(
                clock, () -> seal(lanesProvider, 1, lanes, length), () -> seal(sodiumProvider, 1, sodium, length));
    }

    private static int between(NanoClock clock, Runnable vector, Runnable single) {
        return LanesCrossover.between(fastest(clock, vector), fastest(clock, single));
    }

    private static long fastest(NanoClock clock, Runnable operation) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < TIMED_RUNS; i++) {
            final long start = clock.nanoTime();
            operation.run();
            best = Math.min(best, clock.nanoTime() - start);
        }
        return best;
    }
}
