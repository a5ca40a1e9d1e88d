package io.millrace.carrier;

import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bounded queue of frames in native memory, from one end of an in-process connection to the other.
 *
 * <p>Threading: one thread offers and one polls; each writes one of the two counters and keeps a copy of the other's, so
 * that they share a cache line only when the copy runs out. The memory is freed when both have let go.
 */
final class FrameRing {
    private static final VarHandle COUNTERS =
            MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    // Indexes in counters: each thread writes to its own cache lines.
    private static final int OFFERED = 16;
    private static final int POLLED_SEEN = 17;
    private static final int POLLED = 32;
    private static final int OFFERED_SEEN = 33;
    private static final int COUNTER_COUNT = 48;

    private final TrackedArena arena = TrackedArena.shared();
    private final AtomicInteger holders = new AtomicInteger(2);
    private final long[] counters = new long[COUNTER_COUNT];
    private final MemorySegment cells;
    private final int[] lengths;
    private final int capacity;
    private final int frameLength;

    /**
     * Allocates an empty ring.
     *
     * @param capacity in frames, 1 or more.
     * @param frameLength of the longest frame in bytes, 1 or more.
     */
    FrameRing(int capacity, int frameLength) {
        this.capacity = capacity;
        this.frameLength = frameLength;
        this.lengths = new int[capacity];
        this.cells = arena.allocate((long) capacity * frameLength, 64);
    }

    /** Length of the longest frame in bytes. */
    int frameLength() {
        return frameLength;
    }

    /** Copies a frame in; false if the ring is full. By the offering thread. */
    boolean offer(MemorySegment memory, long position, int length) {
        final long next = counters[OFFERED];
        if (next - counters[POLLED_SEEN] == capacity) {
            counters[POLLED_SEEN] = (long) COUNTERS.getAcquire(counters, POLLED);
            if (next - counters[POLLED_SEEN] == capacity) {
                return false;
            }
        }
        final int cell = (int) (next % capacity);
        MemorySegment.copy(memory, position, cells, (long) cell * frameLength, length);
        lengths[cell] = length;
        COUNTERS.setRelease(counters, OFFERED, next + 1);
        return true;
    }

    /**
     * Copies the next frame out, cut off at {@code roomLength} bytes. By the polling thread.
     *
     * @return its full length in bytes, or -1 if the ring is empty.
     */
    int poll(MemorySegment memory, long position, int roomLength) {
        final long next = counters[POLLED];
        if (next == counters[OFFERED_SEEN]) {
            counters[OFFERED_SEEN] = (long) COUNTERS.getAcquire(counters, OFFERED);
            if (next == counters[OFFERED_SEEN]) {
                return -1;
            }
        }
        final int cell = (int) (next % capacity);
        final int length = lengths[cell];
        MemorySegment.copy(cells, (long) cell * frameLength, memory, position, Math.min(length, roomLength));
        COUNTERS.setRelease(counters, POLLED, next + 1);
        return length;
    }

    /** One of the two ends no longer uses the ring; after the second its memory is freed. */
    void letGo() {
        if (holders.decrementAndGet() == 0) {
            arena.close();
        }
    }

    /** Whether the other end has let go. */
    boolean isAbandoned() {
        return holders.get() < 2;
    }
}
