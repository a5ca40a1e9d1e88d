package io.millrace.map;

import java.lang.foreign.MemorySegment;

/** Native bytes going into a map or out of it, and what became of them. One per thread and use. */
final class Span {
    /** Where the bytes begin. */
    long address;

    /** How many there are; after a read, how many the entry has. */
    int length;

    /** How many fit, for a read. */
    int capacity;

    /** Result of a change; one of {@link BoundedChanges}' outcomes. */
    int outcome;

    /** Points at bytes that the caller keeps alive. */
    Span of(MemorySegment segment, long offset, int length) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("keys and values are native memory: segment=" + segment);
        }
        if (offset < 0 || length < 0 || offset > segment.byteSize() - length) {
            throw new IndexOutOfBoundsException(
                    "outside the segment: offset=" + offset + ", length=" + length + ", size=" + segment.byteSize());
        }
        if (segment.address() == 0) {
            throw new IllegalArgumentException("a key or value must not be the null pointer: length=" + length);
        }
        requireUsable(segment);
        this.address = segment.address() + offset;
        this.length = length;
        this.capacity = length;
        return this;
    }

    /** Refuses a segment that is closed or belongs to another thread. */
    static void requireUsable(MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the segment of a key or value is closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the segment of a key or value belongs to another thread");
        }
    }
}
