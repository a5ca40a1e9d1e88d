package io.millrace.crypto;

import io.millrace.natives.SodiumMemory;
import java.lang.foreign.MemorySegment;

/** Comparisons of secrets: their time depends on the length only. */
public final class ConstantTime {
    private ConstantTime() {}

    /**
     * Whether two native segments of the same length hold the same bytes; other lengths are refused.
     *
     * @param a native.
     * @param b native, of the length of {@code a}.
     */
    public static boolean equal(MemorySegment a, MemorySegment b) {
        return SodiumMemory.memcmp(Operands.in("a", a), Operands.in("b", b, a.byteSize()), a.byteSize());
    }

    /**
     * Whether every byte of a native segment is zero.
     *
     * @param a native, 0 or more bytes.
     */
    public static boolean isZero(MemorySegment a) {
        return SodiumMemory.isZero(Operands.in("a", a), a.byteSize());
    }
}
