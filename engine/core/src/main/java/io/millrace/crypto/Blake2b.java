package io.millrace.crypto;

import io.millrace.natives.SodiumBlake2b;
import java.lang.foreign.MemorySegment;

/**
 * BLAKE2b, keyed or not, with salt and personalisation. All segments are native.
 *
 * <p>Source: RFC 7693.
 */
public final class Blake2b {
    /** Longest hash in bytes. */
    public static final int MAX_LENGTH = SodiumBlake2b.BYTES_MAX;

    /** Longest key in bytes. */
    public static final int MAX_KEY_LENGTH = SodiumBlake2b.KEY_BYTES_MAX;

    /** Salt length in bytes. */
    public static final int SALT_LENGTH = SodiumBlake2b.SALT_BYTES;

    /** Personalisation length in bytes. */
    public static final int PERSONAL_LENGTH = SodiumBlake2b.PERSONAL_BYTES;

    private Blake2b() {}

    /**
     * Writes the unkeyed hash of {@code in} to {@code out}, 1 to 64 bytes: its length is part of the hash.
     *
     * @param out native, 1 to 64 bytes.
     * @param in native, 0 or more bytes.
     */
    public static void hash(MemorySegment out, MemorySegment in) {
        hash(out, in, MemorySegment.NULL);
    }

    /**
     * Writes the hash of {@code in} under {@code key}, 0 (unkeyed) to 64 bytes, to {@code out}, 1 to 64 bytes.
     *
     * @param out native, 1 to 64 bytes.
     * @param in native, 0 or more bytes.
     * @param key native, 0 to 64 bytes.
     */
    public static void hash(MemorySegment out, MemorySegment in, MemorySegment key) {
        hash(out, in, key, MemorySegment.NULL, MemorySegment.NULL);
    }

    /**
     * Writes a hash to {@code out}.
     *
     * @param out 1 to 64 bytes; its length is part of the hash.
     * @param in any length.
     * @param key 0 (unkeyed) to 64 bytes.
     * @param salt 16 bytes, or empty for zeros.
     * @param personal 16 bytes, or empty for zeros: the domain.
     */
    public static void hash(
            MemorySegment out, MemorySegment in, MemorySegment key, MemorySegment salt, MemorySegment personal) {
        requireRange("out", out, 1, MAX_LENGTH);
        requireRange("key", key, 0, MAX_KEY_LENGTH);
        SodiumBlake2b.hashSaltPersonal(
                Operands.out("out", out),
                out.byteSize(),
                Operands.in("in", in),
                in.byteSize(),
                Operands.in("key", key),
                key.byteSize(),
                optional("salt", salt, SALT_LENGTH),
                optional("personal", personal, PERSONAL_LENGTH));
    }

    private static MemorySegment optional(String name, MemorySegment segment, long length) {
        return segment.byteSize() == 0 ? MemorySegment.NULL : Operands.in(name, segment, length);
    }

    private static void requireRange(String name, MemorySegment segment, int least, int most) {
        if (segment.byteSize() < least || segment.byteSize() > most) {
            throw new IllegalArgumentException(
                    name + " must be " + least + " to " + most + " bytes: " + name + "Length=" + segment.byteSize());
        }
    }
}
