package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;

import java.lang.foreign.MemorySegment;

/** The few moves of 16, 32 or 64 bytes that peeling and wrapping share. */
final class ByteBlocks {
    private ByteBlocks() {}

    /** {@code to = from}, 32 bytes. */
    static void copy32(MemorySegment from, long fromPosition, MemorySegment to, long toPosition) {
        to.set(LE_LONG, toPosition, from.get(LE_LONG, fromPosition));
        to.set(LE_LONG, toPosition + 8, from.get(LE_LONG, fromPosition + 8));
        to.set(LE_LONG, toPosition + 16, from.get(LE_LONG, fromPosition + 16));
        to.set(LE_LONG, toPosition + 24, from.get(LE_LONG, fromPosition + 24));
    }

    /** {@code out = a ^ b}, 32 bytes; {@code out} may be {@code a} or {@code b}. */
    static void xor32(
            MemorySegment a, long aPosition, MemorySegment b, long bPosition, MemorySegment out, long outPosition) {
        for (int at = 0; at < 32; at += Long.BYTES) {
            out.set(LE_LONG, outPosition + at, a.get(LE_LONG, aPosition + at) ^ b.get(LE_LONG, bPosition + at));
        }
    }

    /** Zeroes 32 bytes; no slice, so nothing is allocated whatever the compiler does. */
    static void zero32(MemorySegment segment, long position) {
        segment.set(LE_LONG, position, 0L);
        segment.set(LE_LONG, position + 8, 0L);
        segment.set(LE_LONG, position + 16, 0L);
        segment.set(LE_LONG, position + 24, 0L);
    }

    /** Zero if the 16 bytes at both positions are equal; takes the same time whatever they are. */
    static long difference16(MemorySegment a, long aPosition, MemorySegment b, long bPosition) {
        return (a.get(LE_LONG, aPosition) ^ b.get(LE_LONG, bPosition))
                | (a.get(LE_LONG, aPosition + 8) ^ b.get(LE_LONG, bPosition + 8));
    }
}
