package io.millrace.crypto;

import io.millrace.natives.SodiumPoly1305;
import java.lang.foreign.MemorySegment;

/**
 * The Poly1305 one-time authenticator: a key serves one message only. All segments are native.
 *
 * <p>Source: RFC 8439 section 2.5.
 */
public final class Poly1305 {
    /** Key length in bytes. */
    public static final int KEY_LENGTH = SodiumPoly1305.KEY_BYTES;

    /** Tag length in bytes. */
    public static final int TAG_LENGTH = SodiumPoly1305.BYTES;

    private Poly1305() {}

    /**
     * Writes the tag of {@code in}, any length, under {@code key} to {@code out}.
     *
     * @param out native, receives 16 bytes.
     * @param in native, 0 or more bytes.
     * @param key native, 32 bytes, used once.
     */
    public static void tag(MemorySegment out, MemorySegment in, MemorySegment key) {
        SodiumPoly1305.onetimeauth(
                Operands.out("out", out, TAG_LENGTH),
                Operands.in("in", in),
                in.byteSize(),
                Operands.in("key", key, KEY_LENGTH));
    }

    /**
     * Whether {@code tag} is the tag of {@code in}, any length, under {@code key}; in constant time.
     *
     * @param tag native, 16 bytes.
     * @param in native, 0 or more bytes.
     * @param key native, 32 bytes, used once.
     */
    public static boolean verify(MemorySegment tag, MemorySegment in, MemorySegment key) {
        return SodiumPoly1305.verify(
                Operands.in("tag", tag, TAG_LENGTH),
                Operands.in("in", in),
                in.byteSize(),
                Operands.in("key", key, KEY_LENGTH));
    }
}
