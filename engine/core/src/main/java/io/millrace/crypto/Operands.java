package io.millrace.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Checks of the segments that this package and {@code crypto.provider} hand to C.
 *
 * <p>C does not check bounds, so these checks are not assertions. The linker holds the arena of each segment open during a
 * call: another thread that closes it meanwhile gets an {@link IllegalStateException}, and the call ends as usual. As every
 * facade passes here before it touches a binding, a missing libsodium is always a {@link SodiumUnavailableException}.
 */
public final class Operands {
    /**
     * Stands for an empty operand, whose address may be 0: on that the embedded libsodium ends the process even if it has no
     * byte to read there.
     */
    private static final MemorySegment NOTHING = Arena.global().allocate(1);

    private Operands() {}

    /**
     * Checks an input of a fixed length.
     *
     * @param name of the operand, for messages.
     * @param segment exactly {@code length} bytes.
     * @param length in bytes.
     * @return the segment for C; never at address 0.
     * @throws IllegalArgumentException if the segment is on the heap or of another length.
     * @throws IllegalStateException if its arena is closed.
     * @throws WrongThreadException if it belongs to another thread.
     */
    public static MemorySegment in(String name, MemorySegment segment, long length) {
        if (segment.byteSize() != length) {
            throw new IllegalArgumentException(
                    name + " must be " + length + " bytes: " + name + "Length=" + segment.byteSize());
        }
        return in(name, segment);
    }

    /**
     * Checks an input of any length.
     *
     * @param name of the operand, for messages.
     * @param segment may be empty.
     * @return the segment for C; never at address 0.
     * @throws IllegalArgumentException if the segment is on the heap.
     * @throws IllegalStateException if its arena is closed.
     * @throws WrongThreadException if it belongs to another thread.
     */
    public static MemorySegment in(String name, MemorySegment segment) {
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

    /**
     * Checks an output of a fixed length.
     *
     * @param name of the operand, for messages.
     * @param segment writable, exactly {@code length} bytes.
     * @param length in bytes.
     * @return the segment for C; never at address 0.
     * @throws IllegalArgumentException if the segment is on the heap, read-only or of another length.
     * @throws IllegalStateException if its arena is closed.
     * @throws WrongThreadException if it belongs to another thread.
     */
    public static MemorySegment out(String name, MemorySegment segment, long length) {
        writable(name, segment);
        return in(name, segment, length);
    }

    /**
     * Checks an output of any length.
     *
     * @param name of the operand, for messages.
     * @param segment writable; may be empty.
     * @return the segment for C; never at address 0.
     * @throws IllegalArgumentException if the segment is on the heap or read-only.
     * @throws IllegalStateException if its arena is closed.
     * @throws WrongThreadException if it belongs to another thread.
     */
    public static MemorySegment out(String name, MemorySegment segment) {
        writable(name, segment);
        return in(name, segment);
    }

    /**
     * Checks a range of an input.
     *
     * @param name of the operand, for messages.
     * @param segment holds the range.
     * @param offset of the range in bytes.
     * @param length of the range in bytes.
     * @return the segment for C; never at address 0.
     * @throws IndexOutOfBoundsException if the range is not inside the segment.
     * @throws IllegalArgumentException if the segment is on the heap.
     * @throws IllegalStateException if its arena is closed.
     * @throws WrongThreadException if it belongs to another thread.
     */
    public static MemorySegment in(String name, MemorySegment segment, long offset, long length) {
        if (offset < 0 || length < 0 || length > segment.byteSize() - offset) {
            throw new IndexOutOfBoundsException(name + " has not the range: offset=" + offset + ", length=" + length
                    + ", " + name + "Length=" + segment.byteSize());
        }
        return in(name, segment);
    }

    /**
     * Checks a range of an output.
     *
     * @param name of the operand, for messages.
     * @param segment writable; holds the range.
     * @param offset of the range in bytes.
     * @param length of the range in bytes.
     * @return the segment for C; never at address 0.
     * @throws IndexOutOfBoundsException if the range is not inside the segment.
     * @throws IllegalArgumentException if the segment is on the heap or read-only.
     * @throws IllegalStateException if its arena is closed.
     * @throws WrongThreadException if it belongs to another thread.
     */
    public static MemorySegment out(String name, MemorySegment segment, long offset, long length) {
        writable(name, segment);
        return in(name, segment, offset, length);
    }

    private static void writable(String name, MemorySegment segment) {
        if (segment.isReadOnly()) {
            throw new IllegalArgumentException(name + " must be writable");
        }
    }
}
