package io.millrace.relay.queue;

import io.millrace.carrier.Carrier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Control messages on their way between the I/O thread and the thread that looks after the links: bounded, copied.
 *
 * <p>Threading: one thread offers, one polls.
 */
public final class MessageQueue {
    /** Kind of a message of bytes; {@code number} is its origin. */
    static final int BYTES = 0;

    /** Kind that says that the peer {@code number} is no longer connected. */
    public static final int LOST = 1;

    /** Kind that says that {@code number} has proven to be {@code peer}. */
    public static final int BIND = 2;

    private static final int CAPACITY = 256;
    private static final int CELL_LENGTH = Carrier.MESSAGE_LIMIT;

    private final MemorySegment cells;
    private final int[] kinds = new int[CAPACITY];
    private final int[] numbers = new int[CAPACITY];
    private final int[] peers = new int[CAPACITY];
    private final int[] values = new int[CAPACITY];
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong head = new AtomicLong();

    /** Allocates an empty queue in {@code arena}. */
    public MessageQueue(Arena arena) {
        this.cells = arena.allocate((long) CAPACITY * CELL_LENGTH, 64);
    }

    /**
     * Adds a message of at most {@link Carrier#MESSAGE_LIMIT} bytes; false if there is no room.
     *
     * @param peer that it came from or goes to; negative if the peer is not known.
     */
    public boolean offer(int origin, int peer, MemorySegment memory, long position, int length) {
        final long next = tail.getPlain();
        if (next - head.get() == CAPACITY) {
            return false;
        }
        final int cell = (int) (next % CAPACITY);
        MemorySegment.copy(memory, position, cells, (long) cell * CELL_LENGTH, length);
        peers[cell] = peer;
        return add(cell, BYTES, origin, length);
    }

    /** Adds something that is said without bytes; false if there is no room. */
    public boolean offer(int kind, int number, int value) {
        final long next = tail.getPlain();
        return next - head.get() != CAPACITY && add((int) (next % CAPACITY), kind, number, value);
    }

    /** Whether there is a message at the front. */
    public boolean hasNext() {
        return head.getPlain() != tail.get();
    }

    /** Kind of the message at the front. */
    public int kind() {
        return kinds[front()];
    }

    /** Its origin or peer. */
    public int number() {
        return numbers[front()];
    }

    /** Peer of a message of bytes; negative if it is not known. */
    public int peer() {
        return peers[front()];
    }

    /** Its length in bytes, or the peer. */
    public int value() {
        return values[front()];
    }

    /** Its bytes in {@link #memory()}. */
    public long position() {
        return (long) front() * CELL_LENGTH;
    }

    /** Holds the bytes of all messages. */
    public MemorySegment memory() {
        return cells;
    }

    /** Drops the message at the front. */
    public void remove() {
        head.set(head.getPlain() + 1);
    }

    private boolean add(int cell, int kind, int number, int value) {
        kinds[cell] = kind;
        numbers[cell] = number;
        values[cell] = value;
        tail.set(tail.getPlain() + 1);
        return true;
    }

    private int front() {
        return (int) (head.getPlain() % CAPACITY);
    }
}
