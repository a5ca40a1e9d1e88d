package io.millrace.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * An off-heap array of native addresses: one operand of a batch, in the form in which C takes it ({@code void *[]}).
 *
 * <p>Elements are set in order, element 0 first, which begins a new batch. Each is a place in a segment and reaches to the
 * end of that segment: {@link #require} checks that a batch touches no byte behind it.
 *
 * <p>The elements of a batch lie in one arena, or in memory that is never freed, such as the
 * guarded cells of keys. A provider hands {@link #memory()} to the linker with the array:
 * that holds the arena open during a call, at the cost of one call for the whole batch. Another thread that closes it
 * meanwhile gets an {@link IllegalStateException}.
 *
 * <p>Not thread safe; belongs to one stage thread.
 */
public final class AddressArray {
    /** Most elements of an array. */
    public static final int MAX_CAPACITY = 1 << 20;

    private static final MemorySegment.Scope GLOBAL = Arena.global().scope();

    private final MemorySegment segment;
    private final int capacity;

    /** Elements set since element 0. */
    private int filled;

    /** Fewest bytes from one of them to the end of its segment. */
    private long room;

    /** Whether all of them may be written. */
    private boolean writable;

    /** In the arena of the elements; the null pointer if their memory is never freed. */
    private MemorySegment memory = MemorySegment.NULL;

    /** The segment of the element set last, which needs no other check. */
    private MemorySegment last;

    /** Whether the elements come from several segments. */
    private boolean mixed;

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
     * @param index 0, which forgets all elements, to the number of elements that are set.
     * @param source native, open to this thread; in the same arena as the elements before, or never freed.
     * @param offset of the element in {@code source}, in bytes, 0 to its length.
     * @throws IndexOutOfBoundsException if the index skips elements, or the offset is outside of {@code source}.
     * @throws IllegalArgumentException if {@code source} is on the heap, in another arena than the elements before, or the
     *     null pointer.
     * @throws IllegalStateException if {@code source} is closed.
     * @throws WrongThreadException if {@code source} belongs to another thread.
     */
    @SuppressWarnings({"MemorySegmentReferenceEquality", "ReferenceEquality"
    }) // equal ones may differ in the access that they allow
    public void set(int index, MemorySegment source, long offset) {
        final long left = source.byteSize() - offset;
        if (offset < 0 || left < 0) {
            throw new IndexOutOfBoundsException(
                    "the element lies outside of its segment: offset=" + offset + ", length=" + source.byteSize());
        }
        if (index < 0 || index > filled) {
            throw new IndexOutOfBoundsException(
                    "elements are set in order: index=" + index + ", set=" + filled + ", capacity=" + capacity);
        }
        if (source != last || (index == 0 && mixed)) {
            admit(index, source);
        }
        segment.setAtIndex(JAVA_LONG, index, source.address() + offset);
        if (index == 0) {
            filled = 1;
            room = left;
        } else {
            filled = Math.max(filled, index + 1);
            room = Math.min(room, left);
        }
    }

    /**
     * Sets the first {@code count} elements to the places at {@code offset}, {@code offset + stride}, and so on, of a
     * segment.
     *
     * @param count in elements, 0 to {@link #capacity}.
     * @param source as for {@link #set}.
     * @param offset of element 0 in {@code source}, in bytes.
     * @param stride in bytes, 0 or more.
     */
    public AddressArray fill(int count, MemorySegment source, long offset, long stride) {
        Objects.checkFromIndexSize(0, count, capacity);
        for (int i = 0; i < count; i++) {
            set(i, source, offset + i * stride);
        }
        return this;
    }

    /**
     * The array itself, for C that reads its first {@code count} elements.
     *
     * @param count in elements, 1 or more, all of them set.
     * @throws IndexOutOfBoundsException if fewer elements are set.
     * @throws IllegalStateException if the arena of the array is closed.
     * @throws WrongThreadException if the arena of the array belongs to another thread.
     */
    public MemorySegment segment(int count) {
        require(count);
        return segment;
    }

    /** A segment in the arena of the elements, to be held open; {@link MemorySegment#NULL} if they are never freed. */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Checks that the first {@code count} elements are set and readable by this thread, as {@link #segment} does.
     *
     * @param count in elements, 1 or more.
     */
    public void require(int count) {
        if (count < 1 || count > filled) {
            throw new IndexOutOfBoundsException("the array has not the elements of the batch: count=" + count + ", set="
                    + filled + ", capacity=" + capacity);
        }
        // An access checks the arena and the thread at no further cost.
        segment.getAtIndex(JAVA_LONG, count - 1);
    }

    /**
     * Checks that the first {@code count} elements are set, and that C may read {@code length} bytes from each.
     *
     * @param count in elements, 1 or more.
     * @param length in bytes.
     * @throws IndexOutOfBoundsException if fewer elements are set, or the segment of one ends before.
     * @throws IllegalStateException if the arena of the array or of its elements is closed.
     */
    public void require(int count, long length) {
        require(count);
        if (!memory.scope().isAlive()) {
            throw new IllegalStateException("the memory of the elements is closed");
        }
        if (length > room) {
            throw new IndexOutOfBoundsException(
                    "an element reaches beyond its segment: length=" + length + ", room=" + room);
        }
    }

    /**
     * Checks that the first {@code count} elements are set, and that C may write {@code length} bytes to each.
     *
     * @param count in elements, 1 or more.
     * @param length in bytes.
     * @throws IndexOutOfBoundsException if fewer elements are set, or the segment of one ends before.
     * @throws IllegalArgumentException if the segment of one is read only.
     */
    public void requireWritable(int count, long length) {
        require(count, length);
        if (!writable) {
            throw new IllegalArgumentException("an element of an output lies in a segment that is read only");
        }
    }

    /** Checks a segment that is not that of the element before. */
    private void admit(int index, MemorySegment source) {
        if (!source.isNative() || source.address() == 0) {
            throw new IllegalArgumentException("elements must lie in a native segment and not be null: native="
                    + source.isNative() + ", address=" + source.address());
        }
        if (!source.scope().isAlive()) {
            throw new IllegalStateException("the segment of an element is closed");
        }
        if (!source.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the segment of an element belongs to another thread");
        }
        final boolean first = index == 0;
        if (!source.scope().equals(GLOBAL)) {
            if (!first && !memory.scope().equals(GLOBAL) && !memory.scope().equals(source.scope())) {
                throw new IllegalArgumentException("the elements of a batch lie in one arena: index=" + index);
            }
            memory = source;
        } else if (first) {
            memory = MemorySegment.NULL;
        }
        writable = (first || writable) && !source.isReadOnly();
        mixed = !first;
        last = source;
    }
}
