package io.millrace.crypto;

import io.millrace.natives.SodiumHmacSha256;
import io.millrace.natives.SodiumMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * HMAC-SHA-256.
 *
 * <p>Source: RFC 2104; RFC 4231 for the vectors.
 */
public final class HmacSha256 {
    /** Length of a tag in bytes. */
    public static final int LENGTH = SodiumHmacSha256.BYTES;

    private HmacSha256() {}

    /**
     * Writes the tag of the concatenation of {@code parts} to {@code out}.
     *
     * @param out native, 32 bytes; may overlap the key and the parts.
     * @param key native, any length; empty counts as zeros.
     * @param parts native, any length each.
     */
    public static void tag(MemorySegment out, MemorySegment key, MemorySegment... parts) {
        final long outAddress = Operands.out("out", out, LENGTH);
        final long keyAddress = Operands.in("key", key);
        if (ShaInstructions.takes(parts.length, key.byteSize())) {
            ShaInstructions.hmac(outAddress, key, parts);
            for (MemorySegment part : parts) {
                Operands.keep(out, key, part);
            }
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            final long state = arena.allocate(SodiumHmacSha256.STATE_BYTES, 64).address();
            try {
                SodiumHmacSha256.init(state, keyAddress, key.byteSize());
                for (MemorySegment part : parts) {
                    SodiumHmacSha256.update(state, Operands.in("part", part), part.byteSize());
                    Operands.keep(out, key, part);
                }
                SodiumHmacSha256.finish(state, outAddress);
            } finally {
                SodiumMemory.memzero(state, SodiumHmacSha256.STATE_BYTES);
            }
        }
        Operands.keep(out, key);
    }

    /**
     * Whether {@code tag}, 32 bytes, is the tag of the concatenation of {@code parts}; in constant time.
     *
     * @param tag native, 32 bytes, not shorter: a truncated tag is refused with an exception.
     */
    public static boolean verify(MemorySegment tag, MemorySegment key, MemorySegment... parts) {
        Operands.in("tag", tag, LENGTH);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment expected = arena.allocate(LENGTH);
            try {
                tag(expected, key, parts);
                return ConstantTime.equal(expected, tag);
            } finally {
                Wiping.wipe(expected);
            }
        }
    }
}
