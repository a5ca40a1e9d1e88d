package io.millrace.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An off-heap array of native addresses: one operand of a batch, in the form in which C takes it ({@code void *[]}).
 *
 * <p>Not thread safe; belongs to one stage thread.
 */
public final class AddressArray {
    private final MemorySegment segment;
    private final int capacity;

    /**
     * Allocates an array of {@code capacity} null addresses.
     *
     * @param arena lives at least as long as this array is used.
     * @param capacity in elements, 1 or more.
     */
    public AddressArray(Arena arena, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be positive: capacity=" + capacity);
        }
        this.segment = arena.allocate(JAVA_LONG, capacity);
        this.capacity = capacity;
    }

    /** Number of elements. */
    public int capacity() {
        return capacity;
    }

    /** Address of element {@code index}. */
    public long get(int index) {
        return segment.getAtIndex(JAVA_LONG, index);
    }

    /** Sets element {@code index}. */
    public void set(int index, long address) {
        segment.setAtIndex(JAVA_LONG, index, address);
    }

    /** Sets the first {@code count} elements to {@code first}, {@code first + stride}, and so on. */
    public AddressArray fill(int count, long first, long stride) {
        for (int i = 0; i < count; i++) {
            segment.setAtIndex(JAVA_LONG, i, first + i * stride);
        }
        return this;
    }

    /** Address of the array itself, for C. */
    public long address() {
        return segment.address();
    }
}
