package io.millrace.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An off-heap array of yes or no, one byte each: what a batch operation says of each of its inputs.
 *
 * <p>Not thread safe; belongs to one stage thread.
 */
public final class StatusArray {
    private final MemorySegment segment;

    /** Allocates {@code capacity} elements, all false. */
    public StatusArray(Arena arena, int capacity) {
        this.segment = arena.allocate(JAVA_BYTE, capacity);
    }

    /** Whether the operation accepted input {@code index}. */
    public boolean ok(int index) {
        return segment.get(JAVA_BYTE, index) != 0;
    }

    /** Records the outcome for input {@code index}. */
    public void set(int index, boolean ok) {
        segment.set(JAVA_BYTE, index, (byte) (ok ? 1 : 0));
    }

    /** Address of the array itself, for C: one byte per input, 1 for accepted and 0 for refused. */
    public long address() {
        return segment.address();
    }
}
