package io.millrace.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Bytes from a seed, for runs that can be repeated. */
record SeededRandomness(SplittableRandom random) implements Randomness {
    SeededRandomness(long seed) {
        this(new SplittableRandom(seed));
    }

    @Override
    public void fill(MemorySegment segment) {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(JAVA_BYTE, i, (byte) random.nextInt());
        }
    }
}
