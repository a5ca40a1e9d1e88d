package io.millrace.rig.measure;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A stopwatch for threads that work in turns of timed calls: adds up the calls and the gaps between them. A poll is a call that
 * looks for work. The time from a poll that found nothing to the next poll is idling.
 *
 * <p>All times are of the wall clock, in nanoseconds. A gap longer than {@link #LONGEST_GAP_NS} does not count: the thread had
 * nothing to do, or the machine took the core away.
 *
 * <p>Threading: any number of threads, each with its own gaps. The sums are whole once the threads rest.
 */
public final class WorkMeter {
    /** Longest gap between two calls that counts, in nanoseconds; a batch needs a few thousand. */
    public static final long LONGEST_GAP_NS = 50_000;

    private final ThreadLocal<Last> last = ThreadLocal.withInitial(Last::new);
    private final LongSupplier clock;
    private final LongAdder betweenNs = new LongAdder();
    private final LongAdder idleNs = new LongAdder();

    /** The last call of one thread. */
    private static final class Last {
        private long endNs = Long.MIN_VALUE / 2; // no gap before the first call
        private boolean foundNothing;
    }

    /** Makes one whose sums are 0. */
    public WorkMeter() {
        this(System::nanoTime);
    }

    /** As above, by another clock. */
    WorkMeter(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Begins a call that works.
     *
     * @return the time, for {@link #end}.
     */
    public long begin() {
        return begin(false);
    }

    /**
     * Begins a call that looks for work.
     *
     * @return the time, for {@link #end} if it found some, else for {@link #endIdle}.
     */
    public long beginPoll() {
        return begin(true);
    }

    /**
     * Ends a call.
     *
     * @param spentNs takes the call's time.
     * @param beganNs result of {@link #begin} or {@link #beginPoll}.
     */
    public void end(LongAdder spentNs, long beganNs) {
        end(spentNs, beganNs, false);
    }

    /**
     * Ends a poll that found nothing.
     *
     * @param beganNs result of {@link #beginPoll}.
     */
    public void endIdle(long beganNs) {
        end(idleNs, beganNs, true);
    }

    /** Time between two calls of a thread so far, without idling, in nanoseconds. */
    public long betweenNs() {
        return betweenNs.sum();
    }

    /** Time of polls that found nothing, and between them, so far, in nanoseconds. */
    public long idleNs() {
        return idleNs.sum();
    }

    private long begin(boolean poll) {
        final Last before = last.get();
        final long now = clock.getAsLong();
        final long gap = now - before.endNs;
        if (gap <= LONGEST_GAP_NS) {
            (poll && before.foundNothing ? idleNs : betweenNs).add(gap);
        }
        return now;
    }

    private void end(LongAdder spentNs, long beganNs, boolean foundNothing) {
        final Last now = last.get();
        now.endNs = clock.getAsLong();
        now.foundNothing = foundNothing;
        spentNs.add(now.endNs - beganNs);
    }
}
