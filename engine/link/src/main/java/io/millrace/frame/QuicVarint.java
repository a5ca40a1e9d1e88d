package io.millrace.frame;

import static io.millrace.memory.Layouts.BE_INT;
import static io.millrace.memory.Layouts.BE_LONG;
import static io.millrace.memory.Layouts.BE_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Integers of 0 to 2^62 - 1 in 1, 2, 4 or 8 bytes, big endian, the length in the two highest bits.
 *
 * <p>Only the shortest form is accepted: one value, one encoding. RFC 9000 leaves longer forms to the sender.
 *
 * <p>Source: RFC 9000 section 16.
 */
public final class QuicVarint {
    /** Largest value. */
    public static final long MAX = (1L << 62) - 1;

    /** Length of the longest form in bytes. */
    public static final int MAX_LENGTH = 8;

    /** Result of {@link #read} for bytes that are no varint: cut short, or longer than need be. */
    public static final long BAD = -1;

    private static final long LIMIT_1 = 1L << 6;
    private static final long LIMIT_2 = 1L << 14;
    private static final long LIMIT_4 = 1L << 30;

    private QuicVarint() {}

    /**
     * Length of the form of a value.
     *
     * @param value 0 to {@link #MAX}.
     * @return 1, 2, 4 or 8 bytes.
     */
    public static int length(long value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("value must be 0 to " + MAX + ": value=" + value);
        }
        if (value < LIMIT_1) {
            return 1;
        }
        if (value < LIMIT_2) {
            return 2;
        }
        return value < LIMIT_4 ? 4 : 8;
    }

    /**
     * Writes {@code value}, 0 to {@link #MAX}, at {@code offset} and returns its length in bytes.
     *
     * @param memory written to.
     * @param offset of the first byte.
     * @param value 0 to {@link #MAX}.
     */
    public static int write(MemorySegment memory, long offset, long value) {
        final int length = length(value);
        switch (length) {
            case 1 -> memory.set(JAVA_BYTE, offset, (byte) value);
            case 2 -> memory.set(BE_SHORT, offset, (short) (value | 0x4000));
            case 4 -> memory.set(BE_INT, offset, (int) value | 0x8000_0000);
            default -> memory.set(BE_LONG, offset, value | 0xc000_0000_0000_0000L);
        }
        return length;
    }

    /**
     * Reads the value at {@code offset}; its length is {@link #length} of it.
     *
     * @param memory read from.
     * @param offset of the first byte.
     * @param end offset behind the last byte that may be read.
     * @return the value, or {@link #BAD}.
     */
    public static long read(MemorySegment memory, long offset, long end) {
        if (offset >= end) {
            return BAD;
        }
        final int first = memory.get(JAVA_BYTE, offset);
        final int length = 1 << (first >>> 6 & 3);
        if (end - offset < length) {
            return BAD;
        }
        final long value = switch (length) {
            case 1 -> first & 0x3f;
            case 2 -> memory.get(BE_SHORT, offset) & 0x3fff;
            case 4 -> memory.get(BE_INT, offset) & 0x3fff_ffff;
            default -> memory.get(BE_LONG, offset) & MAX;
        };
        return length(value) == length ? value : BAD;
    }
}
