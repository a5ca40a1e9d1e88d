package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/** Native segments from and to hexadecimal. */
public final class Bytes {
    private Bytes() {}

    public static MemorySegment of(Arena arena, String hex) {
        return of(arena, HexFormat.of().parseHex(hex));
    }

    public static MemorySegment of(Arena arena, byte[] bytes) {
        return arena.allocateFrom(JAVA_BYTE, bytes);
    }

    public static String hex(MemorySegment segment) {
        return HexFormat.of().formatHex(segment.toArray(JAVA_BYTE));
    }

    public static void flip(MemorySegment segment, int bit) {
        final long at = bit / 8;
        segment.set(JAVA_BYTE, at, (byte) (segment.get(JAVA_BYTE, at) ^ 1 << bit % 8));
    }
}
