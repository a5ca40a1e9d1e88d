package io.millrace.relay.live;

import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochStatus;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Accepts, runs and retires the key epochs of one engine by the clock. Each epoch was made before, so a turn only swaps a
 * snapshot: no method waits for a disk or allocates a replay set.
 *
 * <p>Threading: any. The thread that makes the epochs gives each one with {@link #ready} and takes them back, when they are
 * over, with {@link #takeOver}.
 */
final class EpochTurns {
    private static final int AHEAD_PER_LENGTH = 4;

    private final EpochSchedule schedule;
    private final EpochTable epochs;
    private final NavigableMap<Long, Long> ends =
            new TreeMap<>(); // of accepted epochs: number, milliseconds since 1970
    private final Map<Long, CompletableFuture<RetiredEpoch>> retiring = new TreeMap<>();
    private final List<SphinxEpoch> skipped = new ArrayList<>();
    private long running;
    private long rolls;
    private SphinxEpoch ready; // null: none
    private long readyEndMs;
    private RuntimeException refusal; // null: none
    private boolean refused; // the last one that was to be accepted
    private String late; // null: none was
    private boolean closed;

    /**
     * Before the first turn.
     *
     * @param schedule of the epochs.
     * @param epochs of the engine.
     */
    EpochTurns(EpochSchedule schedule, EpochTable epochs) {
        this.schedule = schedule;
        this.epochs = epochs;
    }

    /**
     * Begins with epochs that the engine has accepted.
     *
     * @param accepted numbers, each with its end in milliseconds since 1970; the last one runs.
     */
    synchronized void begin(NavigableMap<Long, Long> accepted) {
        ends.putAll(accepted);
        running = accepted.lastKey();
    }

    /** Makes all turns that are due at a time in milliseconds since 1970; whether there was one. */
    synchronized boolean poll(long nowMs) {
        final long due = schedule.numberAt(nowMs);
        boolean turned = false;
        if (nowMs >= schedule.startMs(running + 1) - aheadMs()) {
            turned = acceptReady(running + 1, nowMs);
        }
        if (due > running && (ends.containsKey(due) || acceptReady(due, nowMs))) {
            run(due);
            turned = true;
        }
        return retireOver(nowMs) || turned;
    }

    /** Number of the epoch to make next; empty if that is made, or later than senders are told of. */
    synchronized OptionalLong wanted(long nowMs) {
        final long next = next(nowMs);
        if (ready != null && ready.number() < next) {
            skipped.add(ready); // the process was suspended
            ready = null;
        }
        return closed
                        || ready != null
                        || ends.containsKey(next)
                        || next > schedule.numberAt(nowMs) + EpochSchedule.MAX_AHEAD
                ? OptionalLong.empty()
                : OptionalLong.of(next);
    }

    /**
     * Takes the epoch that was {@link #wanted}, to be accepted a quarter of its length before it begins; closes it if there are
     * no turns any more.
     *
     * @param epoch taken over.
     * @param endMs when it ends, in milliseconds since 1970.
     */
    synchronized void ready(SphinxEpoch epoch, long endMs) {
        if (closed) {
            epochs.discard(epoch);
            return;
        }
        ready = epoch;
        readyEndMs = endMs;
    }

    /**
     * Accepts the epoch after the running one before its time, if the running one is nearly full. An epoch that senders do not
     * know yet is not there, see {@link #wanted}.
     *
     * @return its number; empty if it is not accepted.
     */
    synchronized OptionalLong acceptEarly(long nowMs) {
        final long due = schedule.numberAt(nowMs);
        final long next = running + 1;
        return running >= due && isNearlyFull(running) && (ends.containsKey(next) || acceptReady(next, nowMs))
                ? OptionalLong.of(next)
                : OptionalLong.empty();
    }

    /**
     * Runs an accepted epoch, and lets the one before it end now; unless the clock has made that turn, or the engine has closed
     * meanwhile.
     */
    synchronized void runEarly(long number, long nowMs) {
        if (!closed && number == running + 1) {
            ends.merge(running, nowMs, Math::min);
            run(number);
        }
    }

    /** How often the engine went on to another epoch. */
    synchronized long rolls() {
        return rolls;
    }

    /** Number of the running epoch. */
    synchronized long running() {
        return running;
    }

    /** Epochs that are over since the last call, each the caller's: retired by the engine, or passed before their turn. */
    synchronized List<RetiredEpoch> takeOver() {
        final List<RetiredEpoch> over = new ArrayList<>();
        retiring.values().removeIf(each -> {
            if (each.isDone()) {
                over.add(each.join());
            }
            return each.isDone();
        });
        skipped.forEach(each -> over.add(each.retire()));
        skipped.clear();
        return over;
    }

    /** Why the engine refused an epoch since the last call; empty if it did not. */
    synchronized Optional<Throwable> takeRefusal() {
        final Optional<Throwable> why = Optional.ofNullable(refusal);
        refusal = null;
        return why;
    }

    /** Whether the engine refused an epoch and has accepted none since. */
    synchronized boolean isRefused() {
        return refused;
    }

    /** Closes an epoch that was made and not given with {@link #ready}. */
    void discard(SphinxEpoch made) {
        epochs.discard(made);
    }

    /** A line for people about the last epoch that was accepted too late; empty if none was. */
    synchronized Optional<String> late() {
        return Optional.ofNullable(late);
    }

    /** Why the next epoch is not accepted though senders may use its key; empty if it is, or need not be yet. */
    synchronized Optional<String> problem(long nowMs) {
        final long next = next(nowMs);
        if (ends.containsKey(next) || nowMs < promisedMs(next)) {
            return Optional.empty();
        }
        return Optional.of("key epoch " + next + " is not accepted, and its packets are dropped as epoch-over: "
                + (ready == null
                        ? "its key and replay set are not made yet"
                        : epochs.current().hasLowBitsOf(next)
                                ? "its packets look like those of a live epoch, 256 or a multiple before; the next"
                                        + " epoch runs"
                                : "packets of an earlier epoch still wait for their delays"));
    }

    /** Wipes the keys that no engine has, and those of epochs that retire when they are over. */
    @SuppressWarnings("FutureReturnValueIgnored")
    synchronized void close() {
        closed = true;
        if (ready != null) {
            epochs.discard(ready);
            ready = null;
        }
        skipped.forEach(epochs::discard);
        skipped.clear();
        retiring.values().forEach(each -> each.thenAccept(RetiredEpoch::close));
        retiring.clear();
    }

    /** The epoch that is due and cannot run yet, or the one after the running or due one. */
    private long next(long nowMs) {
        final long due = schedule.numberAt(nowMs);
        return due > running && !ends.containsKey(due) ? due : Math.max(running, due) + 1;
    }

    /**
     * Accepts the epoch that is made, if it has that number and the engine can: not while four are live, or while a live one's
     * number has the same low 8 bits, as after a suspension for 256 epochs. A later epoch runs then.
     */
    private boolean acceptReady(long number, long nowMs) {
        final LiveEpochs live = epochs.current();
        if (ready == null
                || ready.number() != number
                || live.freePlace() == LiveEpochs.NONE
                || live.hasLowBitsOf(number)) {
            return false;
        }
        final SphinxEpoch next = ready;
        ready = null;
        try {
            epochs.accept(next);
        } catch (IllegalArgumentException | IllegalStateException e) {
            refusal = e;
            refused = true;
            epochs.discard(next);
            return false;
        }
        refused = false;
        ends.put(number, readyEndMs);
        final long lateMs = nowMs - promisedMs(number);
        if (lateMs > 0) {
            late = "key epoch " + number + " was accepted " + lateMs
                    + " ms late, and its packets until then were dropped as epoch-over: this machine or its disk"
                    + " stalls";
        }
        return true;
    }

    private void run(long number) {
        epochs.run(number);
        running = number;
        rolls++;
    }

    private boolean retireOver(long nowMs) {
        boolean any = false;
        for (long number : List.copyOf(ends.headMap(running).keySet())) {
            if (nowMs >= ends.get(number) + schedule.overlapMs()) {
                retiring.put(number, epochs.retire(number));
                ends.remove(number);
                any = true;
            }
        }
        return any;
    }

    private boolean isNearlyFull(long number) {
        for (EpochReport report : epochs.reports()) {
            if (report.number() == number) {
                return report.capacity() > 0 && report.tags() * 100 >= report.capacity() * EpochStatus.FULL_PERCENT;
            }
        }
        return false;
    }

    /** A sender may use the key of an epoch from then on. */
    private long promisedMs(long number) {
        return schedule.startMs(number) - schedule.earlyMs();
    }

    private long aheadMs() {
        return Math.max(schedule.earlyMs(), schedule.lengthMs() / AHEAD_PER_LENGTH);
    }
}
