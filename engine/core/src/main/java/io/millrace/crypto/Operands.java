package io.millrace.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Checks the segments that the facades of this package hand to C.
 *
 * <p>C does not check bounds, so these checks are not assertions. The linker holds the arena of each segment open during a
 * call: another thread that closes it meanwhile gets an {@link IllegalStateException}, and the call ends as usual. As every
 * facade passes here before it touches a binding, a missing libsodium is always a {@link SodiumUnavailableException}.
 */
final class Operands {
    /**
     * Stands for an empty operand, whose address may be 0: on that the embedded libsodium ends the process even if it has no
     * byte to read there.
     */
    private static final MemorySegment NOTHING = Arena.global().allocate(1);

    private Operands() {}

    /** An input of exactly {@code length} bytes. */
    static MemorySegment in(String name, MemorySegment segment, long length) {
        if (segment.byteSize() != length) {
            throw new IllegalArgumentException(
                    name + " must be " + length + " bytes: " + name + "Length=" + segment.byteSize());
        }
        return in(name, segment);
    }

    /** An input of any length, also none. */
    static MemorySegment in(String name, MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException(name + " must be a native segment, not one on the heap");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException(name + " is closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException(name + " belongs to another thread");
        }
        Sodium.require();
        return segment.byteSize() == 0 ? NOTHING : segment;
    }

    /** An output of exactly {@code length} bytes. */
    static MemorySegment out(String name, MemorySegment segment, long length) {
        writable(name, segment);
        return in(name, segment, length);
    }

    /** An output of any length, also none. */
    static MemorySegment out(String name, MemorySegment segment) {
        writable(name, segment);
        return in(name, segment);
    }

    /** An input that has {@code length} bytes at {@code offset}. */
    static MemorySegment in(String name, MemorySegment segment, long offset, long length) {
        if (offset < 0 || length < 0 || length > segment.byteSize() - offset) {
            throw new IndexOutOfBoundsException(name + " has not the range: offset=" + offset + ", length=" + length
                    + ", " + name + "Length=" + segment.byteSize());
        }
        return in(name, segment);
    }

    /** An output that has {@code length} bytes at {@code offset}. */
    static MemorySegment out(String name, MemorySegment segment, long offset, long length) {
        writable(name, segment);
        return in(name, segment, offset, length);
    }

    private static void writable(String name, MemorySegment segment) {
        if (segment.isReadOnly()) {
            throw new IllegalArgumentException(name + " must be writable");
        }
    }
}
