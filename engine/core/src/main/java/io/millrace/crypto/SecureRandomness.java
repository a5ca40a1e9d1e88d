package io.millrace.crypto;

import io.millrace.natives.SodiumRandom;
import java.lang.foreign.MemorySegment;

/**
 * The operating system's cryptographic randomness, by way of libsodium.
 *
 * <p>May be used by several threads at once. If the operating system has no randomness to give, libsodium ends the
 * process.
 */
public final class SecureRandomness implements Randomness {
    /** Creates a source without state. */
    public SecureRandomness() {}

    @Override
    public void fill(MemorySegment segment) {
        SodiumRandom.fill(Operands.out("segment", segment), segment.byteSize());
    }
}
