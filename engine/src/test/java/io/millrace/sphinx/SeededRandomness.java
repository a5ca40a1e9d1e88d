package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Randomness that a test can repeat. */
final class SeededRandomness implements Randomness {
    private final SplittableRandom random;

    SeededRandomness(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public void fill(MemorySegment segment) {
        for (long at = 0; at < segment.byteSize(); at++) {
            segment.set(JAVA_BYTE, at, (byte) random.nextInt());
        }
    }

    byte[] bytes(int length) {
        final byte[] bytes = new byte[length];
        fill(MemorySegment.ofArray(bytes));
        return bytes;
    }

    int nextInt(int bound) {
        return random.nextInt(bound);
    }

    long nextLong(long bound) {
        return random.nextLong(bound);
    }

    long nextLong() {
        return random.nextLong();
    }
}
