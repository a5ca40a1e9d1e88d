package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** The same bytes for the same seed: not random, for tests only. Not thread safe. */
final class SeededRandomness implements Randomness {
    private final SplittableRandom random;

    SeededRandomness(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public void fill(MemorySegment segment) {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(JAVA_BYTE, i, (byte) random.nextInt());
        }
    }
}
