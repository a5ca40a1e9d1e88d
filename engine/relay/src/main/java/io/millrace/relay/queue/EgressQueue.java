package io.millrace.relay.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Slots that wait for one peer: a bounded queue from the engine thread to the I/O thread.
 *
 * <p>Both ends look at each other's counter only when they must, and the producer shows a batch at once: a cache line that
 * travels between cores for every packet costs more than the rest of the queue.
 *
 * <p>Threading: one producer, one consumer, wait-free.
 */
public final class EgressQueue {
    private static final VarHandle COUNTER =
            MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    /** Places of the counters: each on its own cache line, wherever the array lies. */
    private static final int TAIL = 16;

    private static final int HEAD = 32;
    private static final int COUNTERS_LENGTH = 48;

    private final int[] slots;
    private final int mask;
    private final long[] counters = new long[COUNTERS_LENGTH];
    private long added; // the producer's: entries added, published or not
    private long seenHead; // the producer's: last seen position of the consumer

    /** Creates an empty queue of {@code capacity} slots, a power of two. */
    public EgressQueue(int capacity) {
        this.slots = new int[capacity];
        this.mask = capacity - 1;
    }

    /** Whether {@code count} more slots can be added; by the producer. */
    public boolean hasRoom(int count) {
        if (added + count - seenHead <= slots.length) {
            return true;
        }
        seenHead = (long) COUNTER.getAcquire(counters, HEAD);
        return added + count - seenHead <= slots.length;
    }

    /** Adds a slot, not yet for the consumer to see; by the producer, which has seen that there is room. */
    public void add(int slot) {
        assert added - seenHead < slots.length : "added without asking for room: capacity=" + slots.length;
        slots[(int) added & mask] = slot;
        added++;
    }

    /** Shows the consumer all that was added; by the producer. */
    public void publish() {
        COUNTER.setRelease(counters, TAIL, added);
    }

    /** Slots that wait; exact for the consumer. */
    public int size() {
        return (int) ((long) COUNTER.getAcquire(counters, TAIL) - (long) COUNTER.getOpaque(counters, HEAD));
    }

    /** Slots that waited a moment ago, 0 to {@link #capacity()}; any thread. */
    public int sizeNearly() {
        // The head first: a removal in between makes the answer too large, never negative.
        final long head = (long) COUNTER.getAcquire(counters, HEAD);
        return (int) Math.min((long) COUNTER.getAcquire(counters, TAIL) - head, slots.length);
    }

    /** Slots added so far; by the producer. */
    public long added() {
        return added;
    }

    /** Whether the consumer has removed the first {@code count} slots that were ever added; any thread. */
    public boolean isRemoved(long count) {
        return (long) COUNTER.getAcquire(counters, HEAD) - count >= 0;
    }

    /** Slots that can wait. */
    public int capacity() {
        return slots.length;
    }

    /** The {@code index}th waiting slot, 0 to {@code size() - 1}; by the consumer. */
    public int peek(int index) {
        return slots[(int) ((long) COUNTER.getOpaque(counters, HEAD) + index) & mask];
    }

    /** Removes the first {@code count} slots; by the consumer. */
    public void remove(int count) {
        COUNTER.setRelease(counters, HEAD, (long) COUNTER.getOpaque(counters, HEAD) + count);
    }
}
