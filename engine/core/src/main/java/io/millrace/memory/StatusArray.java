package io.millrace.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An off-heap array of yes or no, one byte each: the result of a batch operation for each input.
 *
 * <p>Not thread safe; belongs to one stage thread.
 */
public final class StatusArray {
    private final MemorySegment segment;

    /**
     * Allocates {@code capacity} elements, all false.
     *
     * @param arena lives at least as long as this array is used.
     * @param capacity in elements, 1 to {@link AddressArray#MAX_CAPACITY}.
     */
    public StatusArray(Arena arena, int capacity) {
        if (capacity < 1 || capacity > AddressArray.MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity must be 1 to " + AddressArray.MAX_CAPACITY + ": capacity=" + capacity);
        }
        this.segment = arena.allocate(JAVA_BYTE, capacity);
    }

    /**
     * Whether the operation accepted an input.
     *
     * @param index 0 to the capacity - 1.
     */
    public boolean ok(int index) {
        return segment.get(JAVA_BYTE, index) != 0;
    }

    /**
     * Records the outcome for an input.
     *
     * @param index 0 to the capacity - 1.
     * @param ok whether the input was valid.
     */
    public void set(int index, boolean ok) {
        segment.set(JAVA_BYTE, index, (byte) (ok ? 1 : 0));
    }

    /**
     * The array itself, for C that writes its first {@code count} bytes: 1 for accepted and 0 for refused.
     *
     * @param count in elements, 1 to the capacity.
     * @throws IndexOutOfBoundsException if the array is shorter.
     * @throws IllegalStateException if the arena of the array is closed.
     * @throws WrongThreadException if the arena of the array belongs to another thread.
     */
    public MemorySegment segment(int count) {
        require(count);
        return segment;
    }

    /**
     * Checks that the array has {@code count} elements that this thread may write, as {@link #segment} does.
     *
     * @param count in elements, 1 or more.
     */
    public void require(int count) {
        if (count < 1 || count > segment.byteSize()) {
            throw new IndexOutOfBoundsException(
                    "the array has not the elements of the batch: count=" + count + ", capacity=" + segment.byteSize());
        }
        // An access checks the arena and the thread at no further cost.
        segment.get(JAVA_BYTE, count - 1);
    }
}
