package io.millrace.crypto;

import java.lang.foreign.MemorySegment;

/** A source of random bytes: {@link SecureRandomness} in a relay, a seeded one in tests and simulations. */
@FunctionalInterface
public interface Randomness {
    /**
     * Overwrites every byte of {@code segment}.
     *
     * @param segment native, any length.
     */
    void fill(MemorySegment segment);
}
