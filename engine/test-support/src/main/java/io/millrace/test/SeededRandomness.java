package io.millrace.test;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * The same bytes for the same seed: for tests and simulations that can be repeated, and for nothing else. Not thread safe.
 *
 * @param random where they come from; may be drawn from meanwhile.
 */
public record SeededRandomness(SplittableRandom random) implements Randomness {
    public SeededRandomness(long seed) {
        this(new SplittableRandom(seed));
    }

    @Override
    public void fill(MemorySegment segment) {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(JAVA_BYTE, i, (byte) random.nextInt());
        }
    }

    /** The next {@code length} bytes. */
    public byte[] bytes(int length) {
        final byte[] bytes = new byte[length];
        fill(MemorySegment.ofArray(bytes));
        return bytes;
    }

    /** From 0 to {@code bound - 1}. */
    public int nextInt(int bound) {
        return random.nextInt(bound);
    }

    /** From 0 to {@code bound - 1}. */
    public long nextLong(long bound) {
        return random.nextLong(bound);
    }

    /** Any. */
    public long nextLong() {
        return random.nextLong();
    }
}
