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
        final MemorySegment tag = Operands.out("out", out, LENGTH);
        final MemorySegment secret = Operands.in("key", key);
        if (ShaInstructions.takes(parts.length, key.byteSize())) {
            ShaInstructions.hmac(tag, secret, key.byteSize(), parts);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(SodiumHmacSha256.STATE_BYTES, 64);
            try {
                SodiumHmacSha256.init(state, secret, key.byteSize());
                for (MemorySegment part : parts) {
                    SodiumHmacSha256.update(state, Operands.in("part", part), part.byteSize());
                }
                SodiumHmacSha256.finish(state, tag);
            } finally {
                SodiumMemory.memzero(state, SodiumHmacSha256.STATE_BYTES);
            }
        }
    }

    /**
     * Whether {@code tag}, 32 bytes, is the tag of the concatenation of {@code parts}; in constant time.
     *
     * @param tag native, 32 bytes, not shorter: a truncated tag is refused with an exception.
     * @param key native, 0 or more bytes.
     * @param parts native, hashed one after the other.
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
