package io.millrace.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * An off-heap array of native addresses: one operand of a batch, in the form in which C takes it ({@code void *[]}).
 *
 * <p>The array checks its own bounds, its own lifetime and that the elements of a batch were set. An address carries no
 * bounds: the caller keeps the memory behind it open, and long enough, until the batch is done.
 *
 * <p>Not thread safe; belongs to one stage thread.
 */
public final class AddressArray {
    /** Most elements of an array. */
    public static final int MAX_CAPACITY = 1 << 20;

    private final MemorySegment segment;
    private final int capacity;

    /** Elements set so far, counted from the first without a gap. */
    private int filled;

    /**
     * Allocates an array of {@code capacity} elements that are not set.
     *
     * @param arena lives at least as long as this array is used.
     * @param capacity in elements, 1 to {@link #MAX_CAPACITY}.
     */
    public AddressArray(Arena arena, int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity must be 1 to " + MAX_CAPACITY + ": capacity=" + capacity);
        }
        this.segment = arena.allocate(JAVA_LONG, capacity);
        this.capacity = capacity;
    }

    /** Number of elements. */
    public int capacity() {
        return capacity;
    }

    /**
     * Address of an element.
     *
     * @param index 0 to {@link #capacity} - 1.
     */
    public long get(int index) {
        return segment.getAtIndex(JAVA_LONG, index);
    }

    /**
     * Sets an element.
     *
     * @param index 0 to {@link #capacity} - 1.
     * @param address of memory that the caller keeps open; never 0.
     */
    public void set(int index, long address) {
        if (address == 0) {
            throw new IllegalArgumentException("address must not be 0: index=" + index + ", address=0");
        }
        segment.setAtIndex(JAVA_LONG, index, address);
        if (index == filled) {
            do {
                filled++;
            } while (filled < capacity && segment.getAtIndex(JAVA_LONG, filled) != 0);
        }
    }

    /**
     * Sets the first {@code count} elements to {@code first}, {@code first + stride}, and so on.
     *
     * @param count in elements, 0 to {@link #capacity}.
     * @param first address of memory that the caller keeps open; never 0.
     * @param stride in bytes.
     */
    public AddressArray fill(int count, long first, long stride) {
        Objects.checkFromIndexSize(0, count, capacity);
        for (int i = 0; i < count; i++) {
            set(i, first + i * stride);
        }
        return this;
    }

    /**
     * Address of the array itself, for C that reads its first {@code count} elements.
     *
     * @param count in elements, 1 or more, all of them set.
     * @throws IndexOutOfBoundsException if fewer elements are set.
     * @throws IllegalStateException if the arena of the array is closed.
     * @throws WrongThreadException if the arena of the array belongs to another thread.
     */
    public long address(int count) {
        require(count);
        return segment.address();
    }

    /**
     * Checks that the first {@code count} elements are set and readable by this thread, as {@link #address} does.
     *
     * @param count in elements, 1 or more.
     */
    public void require(int count) {
        if (count < 1 || count > filled) {
            throw new IndexOutOfBoundsException("the array has not the elements of the batch: count=" + count + ", set="
                    + filled + ", capacity=" + capacity);
        }
        // An access checks the arena and the thread at no cost of its own.
        segment.getAtIndex(JAVA_LONG, count - 1);
    }
}
