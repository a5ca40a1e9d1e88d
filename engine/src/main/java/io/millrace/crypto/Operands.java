package io.millrace.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Checks the segments that the facades of this package hand to C as raw addresses.
 *
 * <p>C does not check bounds, so these checks are not assertions. A caller keeps its segments open until the facade
 * returns; {@link #keep} does the same against the garbage collector. As every facade passes here before it touches a
 * binding, a missing libsodium is always a {@link SodiumUnavailableException}.
 */
final class Operands {
    /**
     * Address of an empty operand, instead of its own: that may be 0, on which the embedded libsodium ends the process
     * even if it has no byte to read there.
     */
    private static final long NOTHING = Arena.global().allocate(1).address();

    private Operands() {}

    /** Address of an input of exactly {@code length} bytes. */
    static long in(String name, MemorySegment segment, long length) {
        if (segment.byteSize() != length) {
            throw new IllegalArgumentException(
                    name + " must be " + length + " bytes: " + name + "Length=" + segment.byteSize());
        }
        return in(name, segment);
    }

    /** Address of an input of any length, also none. */
    static long in(String name, MemorySegment segment) {
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
        return segment.byteSize() == 0 ? NOTHING : segment.address();
    }

    /** Address of an output of exactly {@code length} bytes. */
    static long out(String name, MemorySegment segment, long length) {
        writable(name, segment);
        return in(name, segment, length);
    }

    /** Address of an output of any length, also none. */
    static long out(String name, MemorySegment segment) {
        writable(name, segment);
        return in(name, segment);
    }

    /** Address of the {@code length} bytes at {@code offset} of an input. */
    static long in(String name, MemorySegment segment, long offset, long length) {
        if (offset < 0 || length < 0 || length > segment.byteSize() - offset) {
            throw new IndexOutOfBoundsException(name + " has not the range: offset=" + offset + ", length=" + length
                    + ", " + name + "Length=" + segment.byteSize());
        }
        final long address = in(name, segment);
        return length == 0 ? NOTHING : address + offset;
    }

    /** Address of the {@code length} bytes at {@code offset} of an output. */
    static long out(String name, MemorySegment segment, long offset, long length) {
        writable(name, segment);
        return in(name, segment, offset, length);
    }

    /**
     * Keeps a segment reachable up to here, so that one of an automatic arena is not freed during a call. Not in a
     * {@code finally}: a downcall does not throw.
     */
    @SuppressWarnings("ReachabilityFenceUsage")
    static void keep(MemorySegment a) {
        Reference.reachabilityFence(a);
    }

    /** As {@link #keep(MemorySegment)}, for two. */
    static void keep(MemorySegment a, MemorySegment b) {
        keep(a);
        keep(b);
    }

    /** As {@link #keep(MemorySegment)}, for three. */
    static void keep(MemorySegment a, MemorySegment b, MemorySegment c) {
        keep(a);
        keep(b);
        keep(c);
    }

    private static void writable(String name, MemorySegment segment) {
        if (segment.isReadOnly()) {
            throw new IllegalArgumentException(name + " must be writable");
        }
    }
}
