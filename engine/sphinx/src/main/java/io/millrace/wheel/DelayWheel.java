package io.millrace.wheel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;

/**
 * A hashed timer wheel over packet slots. One revolution spans the longest delay, so that a bucket never holds entries
 * of two revolutions and no deadline has to be stored or compared.
 *
 * <p>Time is cut into ticks from the moment of construction. An entry fires at the first tick boundary at or after its
 * due time: never early, and late by less than one tick, to which comes only how late the caller polls (see
 * {@link #waitNs}). Entries of one tick fire in an order that a {@link TickOrder} chooses. An entry that is already due
 * when it is scheduled fires at the next poll.
 *
 * <p>An entry is a slot index. Each bucket is a linked list through one array with an element per slot, first in first
 * out; a bitmap of the buckets in use lets a poll after a long stall skip 64 empty ticks at a time. Nothing is
 * allocated after construction.
 *
 * <p>Times are in nanoseconds of any one clock, such as {@link System#nanoTime()}; they may be negative and may wrap,
 * since only differences are used.
 *
 * <p>Why not Agrona's {@code DeadlineTimerWheel}: in one run, {@code AgronaWheelBenchmark.cycle} takes 11 times as long as
 * {@code WheelBenchmark.cycle} with 10,000 entries pending, and twice as long with a million. Its buckets are rows of deadlines
 * that every poll searches tick by tick, one full bucket enlarges all of them, and it names entries itself. Netty's
 * {@code HashedWheelTimer} has a thread and allocates an object per entry: {@code TimerBenchmark.cycle}.
 *
 * <p>Threading: one owner thread; {@link #pending()} may be asked by any.
 *
 * <p>Source: Varghese and Lauck, "Hashed and hierarchical timing wheels", scheme 4.
 */
public final class DelayWheel {
    private static final int NONE = -1;
    private static final int NOT_PENDING = -2;
    private static final int BITS_PER_WORD = 64;
    private static final int LARGEST_WHEEL = 1 << 28;
    private static final long LONGEST_DELAY_NS = 1L << 60;
    private static final VarHandle PENDING;

    static {
        try {
            PENDING = MethodHandles.lookup()
                    .findVarHandle(DelayWheel.class, "pending", int.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long tickNs;
    private final int maxPending;
    private final int mask;
    private final TickOrder order;

    /** The entries of one tick while they are put into their order. */
    private final int[] shuffled;

    /** Successor of each pending slot in its list. */
    private final int[] next;

    /** Head and tail of bucket {@code b} at {@code 2b} and {@code 2b + 1}: both in one cache line. */
    private final int[] ends;

    /** One bit per bucket that is not empty. */
    private final long[] occupied;

    /** The last tick boundary that a poll has reached, and its bucket. */
    private long cursorNs;

    private int cursor;

    /** Entries that were due when a poll ran into its limit: they go before everything else. */
    private int overdueHead = NONE;

    private int overdueTail = NONE;

    /** Written by the owner, and by PENDING so that others see it. */
    private int pending;

    private long refusedFull;
    private long refusedBeyondHorizon;

    /**
     * Allocates a wheel whose entries of one tick fire in the order in which they were scheduled.
     *
     * @param slotCount slots are numbered 0 to {@code slotCount - 1}.
     * @param maxPending entries held at once, 1 to {@code slotCount}.
     * @param tickNs resolution in nanoseconds, 1 to 2^60.
     * @param longestDelayNs longest delay in nanoseconds, 1 to 2^60, at most 2^27 ticks.
     * @param nowNs the clock's present reading in nanoseconds.
     */
    public DelayWheel(int slotCount, int maxPending, long tickNs, long longestDelayNs, long nowNs) {
        this(slotCount, maxPending, tickNs, longestDelayNs, nowNs, TickOrder.SCHEDULED);
    }

    /**
     * Allocates a wheel whose first tick boundary is {@code nowNs}.
     *
     * @param slotCount slots are numbered 0 to {@code slotCount - 1}.
     * @param maxPending entries held at once, 1 to {@code slotCount}; more are refused.
     * @param tickNs resolution in nanoseconds, 1 to 2^60.
     * @param longestDelayNs longest delay in nanoseconds, 1 to 2^60, at most 2^27 ticks. The wheel is made at least a
     *     quarter longer, so that a delay of this length still fits when the last poll was a while ago: see
     *     {@link #horizonNs()}.
     * @param nowNs the clock's present reading in nanoseconds.
     * @param order of the entries of one tick; stays the caller's, who closes it after the wheel's last poll.
     */
    public DelayWheel(int slotCount, int maxPending, long tickNs, long longestDelayNs, long nowNs, TickOrder order) {
        require(slotCount >= 1, "slotCount must be positive: slotCount=", slotCount);
        require(
                maxPending >= 1 && maxPending <= slotCount,
                "maxPending must be 1 to slotCount: maxPending=",
                maxPending);
        require(tickNs >= 1 && tickNs <= LONGEST_DELAY_NS, "tickNs must be 1 to 2^60: tickNs=", tickNs);
        require(
                longestDelayNs >= 1 && longestDelayNs <= LONGEST_DELAY_NS,
                "longestDelayNs must be 1 to 2^60: longestDelayNs=",
                longestDelayNs);
        final long ticks = (longestDelayNs - 1) / tickNs + 1;
        require(
                ticks <= LARGEST_WHEEL / 2,
                "longestDelayNs must be at most 2^27 ticks: longestDelayNs=",
                longestDelayNs);
        final int wanted = Math.max(BITS_PER_WORD, (int) (ticks + ticks / 4 + 2));
        final int bucketCount = Integer.highestOneBit(wanted - 1) << 1;
        this.tickNs = tickNs;
        this.maxPending = maxPending;
        this.mask = bucketCount - 1;
        this.order = Objects.requireNonNull(order, "order");
        this.shuffled = new int[maxPending];
        this.next = new int[slotCount];
        this.ends = new int[2 * bucketCount];
        this.occupied = new long[bucketCount / BITS_PER_WORD];
        this.cursorNs = nowNs;
        Arrays.fill(next, NOT_PENDING);
        Arrays.fill(ends, NONE);
    }

    /**
     * Holds slot {@code id} until {@code dueNs}. The slot must not be pending.
     *
     * @param id slot, 0 to the wheel's capacity - 1.
     * @param dueNs time to leave, in nanoseconds.
     * @return false if the wheel holds {@code maxPending} entries already, or if {@code dueNs} is further ahead than
     *     {@link #horizonNs()}; the entry was then refused and counted, and the caller still owns the slot.
     */
    public boolean schedule(int id, long dueNs) {
        if (pending >= maxPending) {
            refusedFull++;
            return false;
        }
        final long aheadNs = dueNs - cursorNs;
        final long ticks = aheadNs <= 0 ? 0 : (aheadNs - 1) / tickNs + 1;
        if (ticks > mask) {
            refusedBeyondHorizon++;
            return false;
        }
        assert next[id] == NOT_PENDING : "slot is pending already: id=" + id;
        next[id] = NONE;
        final int bucket = (cursor + (int) ticks) & mask;
        final int tail = ends[2 * bucket + 1];
        ends[2 * bucket + 1] = id;
        if (tail == NONE) {
            ends[2 * bucket] = id;
            occupied[bucket / BITS_PER_WORD] |= 1L << bucket;
        } else {
            next[tail] = id;
        }
        PENDING.setOpaque(this, pending + 1);
        return true;
    }

    /**
     * Takes entries that are due at {@code nowNs}, earliest tick first, and writes their slots to {@code expired}. Entries
     * that do not fit come first at the next poll. A reading before that of an earlier poll yields nothing.
     *
     * <p>Work is bounded by the entries that fall due, each of which is put into its order once, plus {@code limit}, plus
     * the ticks passed since the last poll, at most one revolution.
     *
     * @param nowNs present time in nanoseconds.
     * @param expired receives slot indices from element 0.
     * @param limit most entries to take, 0 to {@code expired.length}.
     * @return the number of entries taken.
     */
    public int poll(long nowNs, int[] expired, int limit) {
        final long passedNs = nowNs - cursorNs;
        if (passedNs < 0 || (pending == 0 && passedNs < tickNs)) {
            return 0;
        }
        final long ticks = passedNs < tickNs ? 0 : passedNs / tickNs;
        int count = takeOverdue(expired, 0, limit);
        final int last = (int) Math.min(ticks, mask);
        for (int ahead = nextOccupied(0, last); ahead >= 0; ahead = nextOccupied(ahead + 1, last)) {
            final int bucket = (cursor + ahead) & mask;
            count = take(bucket, expired, count, limit);
        }
        cursor = (int) (cursor + ticks) & mask;
        cursorNs += ticks * tickNs;
        return count;
    }

    /**
     * Takes entries whether due or not, earliest tick first: for stopping. Call until it returns 0.
     *
     * @param taken receives the slots.
     * @param limit most entries, 1 or more.
     * @return the number of entries written to {@code taken}, at most {@code limit}.
     */
    public int drainAll(int[] taken, int limit) {
        int count = takeOverdue(taken, 0, limit);
        int ahead = 0;
        while (count < limit && (ahead = nextOccupied(ahead, mask)) >= 0) {
            count = take((cursor + ahead) & mask, taken, count, limit);
        }
        return count;
    }

    /**
     * How long a poll would still find nothing, for a thread that wants to idle.
     *
     * @param nowNs present time in nanoseconds.
     * @return nanoseconds from {@code nowNs} to the tick of the earliest entry, 0 if one is due, {@link Long#MAX_VALUE}
     *     if none is pending.
     */
    public long waitNs(long nowNs) {
        if (pending == 0) {
            return Long.MAX_VALUE;
        }
        if (overdueHead != NONE) {
            return 0;
        }
        return Math.max(0, cursorNs + nextOccupied(0, mask) * tickNs - nowNs);
    }

    /** Entries held now; for another thread than the owner, a moment ago. */
    public int pending() {
        return (int) PENDING.getOpaque(this);
    }

    /** Furthest due time that is accepted, in nanoseconds after the tick that the last poll reached. */
    public long horizonNs() {
        return mask * tickNs;
    }

    /** Resolution in nanoseconds. */
    public long tickNs() {
        return tickNs;
    }

    /** Entries refused because the wheel was full. */
    public long refusedFull() {
        return refusedFull;
    }

    /** Entries refused because they were due beyond the horizon. */
    public long refusedBeyondHorizon() {
        return refusedBeyondHorizon;
    }

    private int takeOverdue(int[] out, int from, int limit) {
        int count = from;
        int id = overdueHead;
        while (id != NONE && count < limit) {
            out[count++] = id;
            final int successor = next[id];
            next[id] = NOT_PENDING;
            id = successor;
        }
        overdueHead = id;
        PENDING.setOpaque(this, pending - (count - from));
        return count;
    }

    /** Takes the entries of a bucket in a new order; those beyond the limit become overdue in that order. */
    private int take(int bucket, int[] out, int from, int limit) {
        int size = 0;
        for (int id = ends[2 * bucket]; id != NONE; id = next[id]) {
            shuffled[size++] = id;
        }
        for (int left = size; left > 1; left--) {
            final int chosen = order.below(left);
            final int id = shuffled[chosen];
            shuffled[chosen] = shuffled[left - 1];
            shuffled[left - 1] = id;
        }
        final int taken = Math.min(size, limit - from);
        for (int i = 0; i < taken; i++) {
            out[from + i] = shuffled[i];
            next[shuffled[i]] = NOT_PENDING;
        }
        for (int i = taken; i < size; i++) {
            addOverdue(shuffled[i]);
        }
        clear(bucket);
        PENDING.setOpaque(this, pending - taken);
        return from + taken;
    }

    private void addOverdue(int id) {
        next[id] = NONE;
        if (overdueHead == NONE) {
            overdueHead = id;
        } else {
            next[overdueTail] = id;
        }
        overdueTail = id;
    }

    private void clear(int bucket) {
        ends[2 * bucket] = NONE;
        ends[2 * bucket + 1] = NONE;
        occupied[bucket / BITS_PER_WORD] &= ~(1L << bucket);
    }

    /** Distance from the cursor of the first bucket in use, {@code from} to {@code last} ticks ahead; -1 if none. */
    private int nextOccupied(int from, int last) {
        int ahead = from;
        while (ahead <= last) {
            final int bucket = (cursor + ahead) & mask;
            final long word = occupied[bucket / BITS_PER_WORD] >>> bucket;
            if (word != 0) {
                final int found = ahead + Long.numberOfTrailingZeros(word);
                return found <= last ? found : -1;
            }
            ahead += BITS_PER_WORD - bucket % BITS_PER_WORD;
        }
        return -1;
    }

    private static void require(boolean condition, String message, long value) {
        if (!condition) {
            throw new IllegalArgumentException(message + value);
        }
    }
}
