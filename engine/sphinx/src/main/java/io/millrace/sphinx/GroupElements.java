package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;

import java.lang.foreign.MemorySegment;

/**
 * The check of a group element that needs no multiplication. Elements are public, so it may branch.
 *
 * <p>RFC 7748 tells X25519 to accept any 32 bytes. Here each element has one encoding only, so that no bit of alpha can
 * be changed without changing the element.
 */
final class GroupElements {
    private static final long TOP_BIT = 1L << 63;
    private static final long P0 = -19L; // p = 2^255 - 19, in four words, lowest first
    private static final long P3 = ~TOP_BIT;

    private GroupElements() {}

    /** Whether the 32 bytes at {@code position} are a number below p = 2^255 - 19. */
    static boolean isCanonical(MemorySegment segment, long position) {
        final long w3 = segment.get(LE_LONG, position + 24);
        if (w3 != P3) {
            return w3 >= 0; // the top bit is the sign
        }
        return segment.get(LE_LONG, position + 16) != -1L
                || segment.get(LE_LONG, position + 8) != -1L
                || Long.compareUnsigned(segment.get(LE_LONG, position), P0) < 0;
    }
}
