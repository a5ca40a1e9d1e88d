package io.millrace.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * All packets of an engine: fixed slots in one off-heap segment, with a lock-free list of the free ones.
 *
 * <pre>
 *  offset             length      part
 *       0                144      fields of the pipeline (stamps, peers, status)
 *     144                 48      headroom: the link frame's header ends where the body starts
 *     192         bodyLength      the packet, 64-byte aligned
 *  192 + bodyLength       64      tailroom: the link frame's tag, and scratch while a packet is peeled
 * </pre>
 *
 * <p>The free list is last in, first out, so that a slot is reused while it is still in the cache.
 *
 * <p>Threading: any thread may acquire and release. Under {@code -ea} every slot remembers its owner: use after release,
 * double release, hand-over by another than the owner and a slot that was lost are assertion errors, and a free
 * slot is filled with a pattern that is verified when it is acquired.
 */
public final class Slab implements AutoCloseable {
    /** What {@link #acquire(SlotOwner)} returns when no slot is free. */
    public static final int NONE = -1;

    /** Length in bytes of the fields in front of the headroom. */
    public static final int FIELDS_LENGTH = 144;

    /** Length in bytes of the headroom in front of the body. */
    public static final int HEADROOM_LENGTH = 48;

    /** Length in bytes of the tailroom after the body. */
    public static final int TAILROOM_LENGTH = 64;

    /** Offset of the body in a slot, in bytes. */
    public static final int BODY_OFFSET = FIELDS_LENGTH + HEADROOM_LENGTH;

    /** Largest number of slots. */
    public static final int MAX_SLOTS = 1 << 24;

    private static final long INDEX_MASK = (1L << 32) - 1;
    private static final byte POISON = (byte) 0xDB;
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup()
                    .findVarHandle(Slab.class, "head", long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TrackedArena arena;
    private final MemorySegment segment;
    private final int slotCount;
    private final int bodyLength;
    private final int stride;
    private final int[] next;
    private final SlotOwner[] owners; // null without -ea
    private final byte[] poison; // one slot of it; null without -ea

    /** Upper 32 bits: a counter against ABA. Lower 32 bits: first free slot plus one, 0 for none. */
    @SuppressWarnings("UnusedVariable") // by HEAD
    private volatile long head;

    /**
     * Allocates a slab.
     *
     * @param slotCount 1 to {@link #MAX_SLOTS}.
     * @param bodyLength in bytes, a multiple of 64.
     */
    public Slab(int slotCount, int bodyLength) {
        if (slotCount < 1 || slotCount > MAX_SLOTS) {
            throw new IllegalArgumentException("slotCount must be 1 to " + MAX_SLOTS + ": slotCount=" + slotCount);
        }
        if (bodyLength < 64 || bodyLength % 64 != 0) {
            throw new IllegalArgumentException("bodyLength must be a multiple of 64: bodyLength=" + bodyLength);
        }
        this.slotCount = slotCount;
        this.bodyLength = bodyLength;
        this.stride = BODY_OFFSET + bodyLength + TAILROOM_LENGTH;
        this.arena = TrackedArena.shared();
        this.segment = arena.allocate((long) slotCount * stride, 64);
        this.next = new int[slotCount];
        this.owners = assertionsEnabled() ? new SlotOwner[slotCount] : null;
        this.poison = assertionsEnabled() ? new byte[stride] : null;
        for (int slot = 0; slot < slotCount; slot++) {
            next[slot] = slot + 2; // the following slot, plus one
        }
        next[slotCount - 1] = 0;
        if (owners != null) {
            Arrays.fill(owners, SlotOwner.FREE);
            Arrays.fill(poison, POISON);
            segment.fill(POISON);
        }
        HEAD.setVolatile(this, 1L);
    }

    /** Number of slots. */
    public int slotCount() {
        return slotCount;
    }

    /** Length of a slot's body in bytes. */
    public int bodyLength() {
        return bodyLength;
    }

    /** The whole slab; positions of slots refer to it. */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Position of a slot in bytes from the start of {@link #segment()}; the slot must not be free.
     *
     * @param slot index of the slot.
     */
    public long position(int slot) {
        assert owners[slot] != SlotOwner.FREE : "use after release: slot=" + slot;
        return (long) slot * stride;
    }

    /**
     * Position of a slot's body.
     *
     * @param slot index of the slot.
     */
    public long bodyPosition(int slot) {
        return position(slot) + BODY_OFFSET;
    }

    /**
     * The slot in which {@code position} lies.
     *
     * @param position in bytes from the start of {@link #segment()}.
     */
    public int slotAt(long position) {
        return (int) (position / stride);
    }

    /**
     * Takes a free slot for {@code owner}.
     *
     * @param owner new owner, checked under {@code -ea}.
     * @return its index, or {@link #NONE}.
     */
    public int acquire(SlotOwner owner) {
        while (true) {
            final long seen = (long) HEAD.getVolatile(this);
            final int first = (int) (seen & INDEX_MASK);
            if (first == 0) {
                return NONE;
            }
            if (HEAD.compareAndSet(this, seen, bumped(seen) | next[first - 1])) {
                assert acquired(first - 1, owner);
                return first - 1;
            }
        }
    }

    /**
     * Takes up to {@code count} free slots in one step.
     *
     * @param slots receives the indexes from {@code from} on.
     * @param from first index in {@code slots} to write.
     * @param count most slots to take, 0 or more.
     * @param owner new owner, checked under {@code -ea}.
     * @return how many were taken, 0 to {@code count}.
     */
    public int acquire(int[] slots, int from, int count, SlotOwner owner) {
        while (true) {
            final long seen = (long) HEAD.getVolatile(this);
            int free = (int) (seen & INDEX_MASK);
            int taken = 0;
            // The chain may change while it is walked; the counter in the head tells, and the walk is then repeated.
            while (taken < count && free != 0) {
                slots[from + taken++] = free - 1;
                free = next[free - 1];
            }
            if (taken == 0) {
                return 0;
            }
            if (HEAD.compareAndSet(this, seen, bumped(seen) | free)) {
                assert acquired(slots, from, taken, owner);
                return taken;
            }
        }
    }

    /**
     * Gives back one slot.
     *
     * @param slot index of the slot.
     * @param owner present owner, checked under {@code -ea}.
     */
    public void release(int slot, SlotOwner owner) {
        assert released(slot, owner);
        push(slot, slot);
    }

    /**
     * Gives back the slots {@code from} to {@code from + count - 1} of {@code slots} in one step.
     *
     * @param slots indexes of slots.
     * @param from first one in {@code slots}.
     * @param count of slots, 0 or more.
     * @param owner present owner, checked under {@code -ea}.
     */
    public void release(int[] slots, int from, int count, SlotOwner owner) {
        if (count == 0) {
            return;
        }
        for (int i = from; i < from + count; i++) {
            assert released(slots[i], owner);
            if (i > from) {
                next[slots[i - 1]] = slots[i] + 1;
            }
        }
        push(slots[from], slots[from + count - 1]);
    }

    /**
     * Moves a slot from one owner to the next; costs nothing without {@code -ea}. Always true.
     *
     * @param slot index of the slot.
     * @param from present owner.
     * @param to next owner.
     */
    public boolean transfer(int slot, SlotOwner from, SlotOwner to) {
        if (owners != null) {
            if (owners[slot] != from) {
                throw new AssertionError("slot=" + slot + " belongs to " + owners[slot] + ", not to " + from);
            }
            owners[slot] = to;
        }
        return true;
    }

    /**
     * Counts the free slots by walking the list: exact only while no thread acquires or releases. After a slot was released
     * twice the list is a ring, and the count is one more than there are slots.
     */
    public int freeCount() {
        int count = 0;
        for (int at = (int) ((long) HEAD.getVolatile(this) & INDEX_MASK);
                at != 0 && count <= slotCount;
                at = next[at - 1]) {
            count++;
        }
        return count;
    }

    /** Frees the memory. Under {@code -ea} fails if a slot was not given back, naming its last owner. */
    @Override
    public void close() {
        final int free = freeCount();
        arena.close();
        assert free == slotCount : "lost slots: " + (slotCount - free) + " of " + slotCount + ", held by " + holders();
    }

    /** Frees the memory without asking where the slots are: for an engine that failed. */
    public void abandon() {
        arena.close();
    }

    private static long bumped(long seen) {
        return (seen & ~INDEX_MASK) + (1L << 32);
    }

    private void push(int first, int last) {
        while (true) {
            final long seen = (long) HEAD.getVolatile(this);
            next[last] = (int) (seen & INDEX_MASK);
            if (HEAD.compareAndSet(this, seen, bumped(seen) | (first + 1))) {
                return;
            }
        }
    }

    private boolean acquired(int[] slots, int from, int count, SlotOwner owner) {
        for (int i = from; i < from + count; i++) {
            acquired(slots[i], owner);
        }
        return true;
    }

    private boolean acquired(int slot, SlotOwner owner) {
        transfer(slot, SlotOwner.FREE, owner);
        final long start = (long) slot * stride;
        for (long at = 0; at < stride; at++) {
            if (segment.get(JAVA_BYTE, start + at) != POISON) {
                throw new AssertionError("written after release: slot=" + slot + ", offset=" + at);
            }
        }
        return true;
    }

    private boolean released(int slot, SlotOwner owner) {
        if (owners[slot] == SlotOwner.FREE) {
            throw new AssertionError("double release: slot=" + slot);
        }
        // No slice: the compiler does not always spare its allocation, and tests count allocations.
        MemorySegment.copy(poison, 0, segment, JAVA_BYTE, (long) slot * stride, stride);
        return transfer(slot, owner, SlotOwner.FREE);
    }

    private Map<SlotOwner, Integer> holders() {
        final Map<SlotOwner, Integer> holders = new EnumMap<>(SlotOwner.class);
        for (SlotOwner owner : owners) {
            if (owner != SlotOwner.FREE) {
                holders.merge(owner, 1, Integer::sum);
            }
        }
        return holders;
    }

    private static boolean assertionsEnabled() {
        return Slab.class.desiredAssertionStatus();
    }
}
