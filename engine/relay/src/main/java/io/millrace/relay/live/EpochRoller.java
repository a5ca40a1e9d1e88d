package io.millrace.relay.live;

import io.millrace.metrics.NanoClock;
import io.millrace.relay.epoch.EpochStatus;
import io.millrace.relay.thread.Duty;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Rolls the key epochs of an engine by the clock: makes the turns that are due, which wait for nothing, and has the source's
 * calls run elsewhere, which may wait for a disk. So a disk that stalls for less than an epoch makes no epoch late.
 *
 * <p>Nothing that the source or the clock does ends this duty: a failure is counted, told and tried again.
 */
public final class EpochRoller implements Duty {
    private static final int LOOKS_PER_OVERLAP = 50;
    private static final long SHORTEST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(10);

    private final EpochPlan plan;
    private final NanoClock clock;
    private final EpochTurns turns;
    private final SourceCalls calls;
    private final long lookNs;
    private long nextLookNs;

    /**
     * Rolls the epochs of a table, after {@link #begin}.
     *
     * @param epochs of the engine.
     * @param plan settings.
     * @param clock the engine's.
     */
    public EpochRoller(EpochTable epochs, EpochPlan plan, NanoClock clock) {
        this.plan = plan;
        this.clock = clock;
        turns = new EpochTurns(plan.schedule(), epochs);
        calls = new SourceCalls(plan, turns, clock);
        lookNs = Math.clamp(
                TimeUnit.MILLISECONDS.toNanos(plan.schedule().overlapMs()) / LOOKS_PER_OVERLAP,
                SHORTEST_LOOK_NS,
                LONGEST_LOOK_NS);
        nextLookNs = clock.nanoTime();
    }

    /**
     * Begins with the epochs that the engine has accepted, and has the next one made: by the engine's builder.
     *
     * @param accepted as {@link EpochPlan#live()}.
     */
    public void begin(NavigableMap<Long, Long> accepted) {
        turns.begin(accepted);
        calls.makeNext();
        turn();
    }

    @Override
    public String roleName() {
        return "millrace-epochs";
    }

    /** Looks at the clock when it is time to; returns 1 after a turn. */
    @Override
    public int doWork() {
        final long nowNs = clock.nanoTime();
        if (nowNs - nextLookNs < 0) {
            return 0;
        }
        nextLookNs = nowNs + lookNs;
        final boolean turned = turn();
        calls.runStep();
        return turned ? 1 : 0;
    }

    @Override
    public boolean movedPackets() {
        return false;
    }

    @Override
    public long waitNs() {
        return Math.max(0, nextLookNs - clock.nanoTime());
    }

    /** No step of the source begins any more; one that runs goes on. */
    @Override
    public void onClose() {
        calls.stop();
    }

    /** The engine closes the epochs that it has; all others are closed here. */
    @Override
    public void free() {
        calls.close();
        turns.close();
    }

    /** Whether a thread is inside a call of the source. */
    public boolean isCaller(Thread thread) {
        return calls.isCaller(thread);
    }

    /** How it gets on; any thread. */
    public EpochStatus status() {
        return new EpochStatus(turns.rolls(), calls.failures(), calls.failure(), problem(), turns.late());
    }

    private Optional<String> problem() {
        final Optional<String> failed = calls.problem();
        if (failed.isPresent()) {
            return failed;
        }
        try {
            final Optional<String> notAccepted = turns.problem(plan.clock().nowMs());
            return notAccepted.isPresent() ? notAccepted : stall();
        } catch (Throwable t) { // the clock is the application's
            return Optional.of("key epochs: the clock fails: " + t);
        }
    }

    private Optional<String> stall() {
        return calls.stepNs() <= STALL_NS
                ? Optional.empty()
                : Optional.of("key epochs: the disk has not finished a step within "
                        + TimeUnit.NANOSECONDS.toSeconds(STALL_NS) + " s");
    }

    private boolean turn() {
        boolean turned = false;
        try {
            plan.clock().observe();
        } catch (Throwable t) { // the clock is the application's
            calls.count(t);
            nextLookNs = clock.nanoTime() + LONGEST_LOOK_NS; // so many failures a second, and no more
        }
        try {
            turned = turns.poll(plan.clock().nowMs());
        } catch (Throwable t) {
            calls.count(t);
            nextLookNs = clock.nanoTime() + LONGEST_LOOK_NS;
        }
        turns.takeRefusal().ifPresent(calls::failed);
        return turned;
    }
}
