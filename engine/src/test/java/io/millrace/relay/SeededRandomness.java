package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Randomness that a test can repeat. */
record SeededRandomness(SplittableRandom random) implements Randomness {
    @Override
    public void fill(MemorySegment segment) {
        for (long at = 0; at < segment.byteSize(); at++) {
            segment.set(JAVA_BYTE, at, (byte) random.nextInt());
        }
    }
}
