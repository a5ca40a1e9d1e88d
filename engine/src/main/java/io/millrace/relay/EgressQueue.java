package io.millrace.relay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Slots that wait for one peer: a bounded queue from the engine thread to the I/O thread.
 *
 * <p>Threading: one producer, one consumer, wait-free.
 */
final class EgressQueue {
    private static final VarHandle TAIL;
    private static final VarHandle HEAD;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(EgressQueue.class, "tail", long.class).withInvokeExactBehavior();
            HEAD = lookup.findVarHandle(EgressQueue.class, "head", long.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] slots;
    private final int mask;

    @SuppressWarnings("UnusedVariable") // by TAIL; written by the producer
    private long tail;

    @SuppressWarnings("UnusedVariable") // by HEAD; written by the consumer
    private long head;

    /** Creates an empty queue of {@code capacity} slots, a power of two. */
    EgressQueue(int capacity) {
        this.slots = new int[capacity];
        this.mask = capacity - 1;
    }

    /** Slots that can be added now; by the producer. */
    int remaining() {
        return slots.length - (int) ((long) TAIL.getOpaque(this) - (long) HEAD.getAcquire(this));
    }

    /** Adds a slot; by the producer, which has seen {@link #remaining()} above zero. */
    void add(int slot) {
        final long at = (long) TAIL.getOpaque(this);
        slots[(int) at & mask] = slot;
        TAIL.setRelease(this, at + 1);
    }

    /** Slots that wait; exact for the consumer. */
    int size() {
        return (int) ((long) TAIL.getAcquire(this) - (long) HEAD.getOpaque(this));
    }

    /** The {@code index}th waiting slot, 0 to {@code size() - 1}; by the consumer. */
    int peek(int index) {
        return slots[(int) ((long) HEAD.getOpaque(this) + index) & mask];
    }

    /** Removes the first {@code count} slots; by the consumer. */
    void remove(int count) {
        HEAD.setRelease(this, (long) HEAD.getOpaque(this) + count);
    }
}
