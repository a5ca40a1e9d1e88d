package io.millrace.crypto;

import io.millrace.natives.SodiumMemory;
import java.lang.foreign.MemorySegment;

/** Wiping of memory that held secrets. */
public final class Wiping {
    private Wiping() {}

    /**
     * Overwrites every byte of {@code segment} with zero, in a way that no compiler removes.
     *
     * @param segment native, any length.
     */
    public static void wipe(MemorySegment segment) {
        SodiumMemory.memzero(Operands.out("segment", segment), segment.byteSize());
    }
}
