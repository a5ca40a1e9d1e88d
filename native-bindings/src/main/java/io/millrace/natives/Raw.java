package io.millrace.natives;

import java.lang.foreign.MemorySegment;

/**
 * Checks arguments before C gets them: that a segment has the bytes that C touches, may be written if C writes, and is
 * aligned if C needs that; that numbers are in range. The linker refuses a segment that is closed or belongs to another
 * thread.
 */
final class Raw {
    /** Alignment in bytes of the state of a hash, as of the 64-bit integers in it. */
    static final int STATE_ALIGNMENT = 8;

    private Raw() {}

    /** Refuses a segment of which C cannot read {@code length} bytes. */
    static void in(String name, MemorySegment segment, long length) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException(name + " must be a native segment, not one on the heap");
        }
        if (length < 0) {
            throw new IllegalArgumentException("the length of " + name + " must not be negative: length=" + length);
        }
        if (length > segment.byteSize()) {
            throw new IndexOutOfBoundsException(
                    name + " must have " + length + " bytes: " + name + "Length=" + segment.byteSize());
        }
        address(name, segment.address());
    }

    /** Refuses a segment of which C cannot write {@code length} bytes. */
    static void out(String name, MemorySegment segment, long length) {
        if (segment.isReadOnly()) {
            throw new IllegalArgumentException(name + " must be writable");
        }
        in(name, segment, length);
    }

    /** Refuses a segment of which C cannot read {@code length} bytes, unless it is {@link MemorySegment#NULL}. */
    static void optional(String name, MemorySegment segment, long length) {
        if (!segment.equals(MemorySegment.NULL)) {
            in(name, segment, length);
        }
    }

    /** Refuses a segment that cannot hold the state of a hash. */
    static void state(String name, MemorySegment segment, long length) {
        out(name, segment, length);
        aligned(name, segment, STATE_ALIGNMENT);
    }

    /** Refuses a segment that cannot hold {@code count} addresses. */
    static void array(String name, MemorySegment segment, int count) {
        in(name, segment, (long) count * Long.BYTES);
        aligned(name, segment, Long.BYTES);
    }

    /** Refuses an address of 0. */
    static void address(String name, long address) {
        if (address == 0) {
            throw new IllegalArgumentException(name + " must not be 0: " + name + "=0");
        }
    }

    /** Refuses a negative length in bytes. */
    static void length(String name, long length) {
        if (length < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + length);
        }
    }

    /** Refuses a number of inputs outside of 1 to {@code most}. */
    static void count(int count, int most) {
        if (count < 1 || count > most) {
            throw new IllegalArgumentException("count must be 1 to " + most + ": count=" + count);
        }
    }

    private static void aligned(String name, MemorySegment segment, int alignment) {
        if (segment.address() % alignment != 0) {
            throw new IllegalArgumentException(name + " must be aligned to " + alignment + " bytes: address modulo "
                    + alignment + "=" + segment.address() % alignment);
        }
    }
}
