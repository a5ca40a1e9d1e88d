package io.millrace.node;

import io.millrace.directory.EpochSchedule;
import io.millrace.directory.NetworkClock;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.node.keys.EpochSpan;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Accepts, runs and retires the key epochs of one engine by the clock. Each epoch was made before, so a turn only swaps a
 * snapshot: no method waits for a disk or allocates a replay set.
 *
 * <p>Threading: any. The thread that makes the epochs gives each one with {@link #ready} and takes them back, when they are
 * over, with {@link #takeOver}.
 */
final class EpochTurns {
    private static final int MOST_LIVE = 4;

    /** A packet carries these bits of its epoch's number. */
    private static final long LOW_BITS = 0xFF;

    private static final int AHEAD_PER_LENGTH = 4;

    private final EpochSchedule schedule;
    private final NetworkClock clock;
    private final TreeSet<Long> accepted = new TreeSet<>();
    private final Map<Long, CompletableFuture<RetiredEpoch>> retiring = new TreeMap<>();
    private final List<SphinxEpoch> skipped = new ArrayList<>();
    private NavigableMap<Long, EpochSpan> spans = new TreeMap<>();
    private long running = EpochKeyStore.NONE;
    private long rolls;
    private RelayEngine engine; // null before begin
    private SphinxEpoch ready; // null: none
    private String late;

    /**
     * Before the first turn.
     *
     * @param schedule of the epochs.
     * @param clock network time.
     */
    EpochTurns(EpochSchedule schedule, NetworkClock clock) {
        this.schedule = schedule;
        this.clock = clock;
    }

    /**
     * Begins with epochs that the engine has.
     *
     * @param of the epochs.
     * @param numbers accepted by the engine.
     * @param runs number of the running one.
     */
    synchronized void begin(RelayEngine of, Collection<Long> numbers, long runs) {
        engine = of;
        accepted.addAll(numbers);
        running = runs;
    }

    /** Makes all turns that are due. */
    synchronized void poll() {
        final long now = clock.nowMs();
        final long due = schedule.numberAt(now);
        if (now >= schedule.startMs(running + 1) - aheadMs()) {
            acceptReady(running + 1);
        }
        if (due > running && (accepted.contains(due) || acceptReady(due))) {
            run(due);
        }
        retireOver(now);
    }

    /** Number of the epoch to make next; empty if that is made. */
    synchronized OptionalLong wanted() {
        if (engine == null) {
            return OptionalLong.empty();
        }
        final long next = next();
        if (ready != null && ready.number() < next) {
            skipped.add(ready); // the process was suspended
            ready = null;
        }
        return ready != null || accepted.contains(next) ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /**
     * Takes the epoch that was {@link #wanted}, to be accepted a quarter of its length before it begins.
     *
     * @param epoch taken over.
     */
    synchronized void ready(SphinxEpoch epoch) {
        assert ready == null : ready;
        ready = epoch;
    }

    /**
     * Accepts an epoch before its time.
     *
     * @return whether it is accepted; false if it is not made, or four epochs are live.
     */
    synchronized boolean accept(long number) {
        return accepted.contains(number) || acceptReady(number);
    }

    /** Runs an accepted epoch, unless a later one runs. */
    synchronized void run(long number) {
        if (number > running) {
            engine.runKeyEpoch(number);
            running = number;
            rolls++;
        }
    }

    /** How often the relay went on to another epoch. */
    synchronized long rolls() {
        return rolls;
    }

    /** Number of the running epoch. */
    synchronized long running() {
        return running;
    }

    /** Whether the engine has an epoch that is accepted, or retires. */
    synchronized boolean isLive(long number) {
        return accepted.contains(number) || retiring.containsKey(number);
    }

    /** Whether the replay set of a live epoch is full to {@code percent} percent. */
    boolean isFull(long number, int percent) {
        for (EpochReport report : engine.epochs()) {
            if (report.number() == number) {
                return report.tags() * 100 >= report.capacity() * percent;
            }
        }
        return false;
    }

    /** Replaces begin and end of the epochs by those that are on the disk. */
    synchronized void spans(Map<Long, EpochSpan> known) {
        spans = new TreeMap<>(known);
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

    /** A line for people about an epoch that was accepted too late, once; empty if there is none. */
    synchronized Optional<String> takeLate() {
        final Optional<String> line = Optional.ofNullable(late);
        late = null;
        return line;
    }

    /** Why the next epoch is not accepted though senders may use its key; empty if it is, or need not be yet. */
    synchronized Optional<String> problem() {
        final long next = next();
        if (engine == null || accepted.contains(next) || clock.nowMs() < promisedMs(next)) {
            return Optional.empty();
        }
        return Optional.of("key epoch " + next + " is not accepted, and its packets are dropped as epoch-over: "
                + (ready == null
                        ? "its key and replay set are not made yet"
                        : isMistakable(next)
                                ? "its packets look like those of a live epoch, 256 or a multiple before; the next"
                                        + " epoch runs"
                                : "packets of an earlier epoch still wait for their delays"));
    }

    /** Wipes the keys that no engine has; after the engine was closed. */
    @SuppressWarnings("FutureReturnValueIgnored")
    synchronized void close() {
        if (ready != null) {
            ready.close();
            ready = null;
        }
        skipped.forEach(SphinxEpoch::close);
        skipped.clear();
        retiring.values().forEach(each -> each.thenAccept(RetiredEpoch::close));
        retiring.clear();
    }

    /** The epoch that is due and cannot run yet, or the one after the running or due one. */
    private long next() {
        final long due = schedule.numberAt(clock.nowMs());
        return due > running && !accepted.contains(due) ? due : Math.max(running, due) + 1;
    }

    private boolean acceptReady(long number) {
        if (ready == null || ready.number() != number || engine.epochs().size() == MOST_LIVE || isMistakable(number)) {
            return false;
        }
        engine.acceptKeyEpoch(ready);
        ready = null;
        accepted.add(number);
        final long lateMs = clock.nowMs() - promisedMs(number);
        if (lateMs > 0) {
            late = "key epoch " + number + " was accepted " + lateMs
                    + " ms late, and its packets until then were dropped as epoch-over: this machine or its disk"
                    + " stalls";
        }
        return true;
    }

    /**
     * Whether packets of the epoch could be taken for those of a live one, which has the same low 8 bits: so it is if the
     * process was suspended for 256 epochs. A later epoch runs then.
     */
    private boolean isMistakable(long number) {
        return engine.epochs().stream()
                .anyMatch(each -> each.number() != number && ((each.number() ^ number) & LOW_BITS) == 0);
    }

    private void retireOver(long now) {
        for (long number : List.copyOf(accepted.headSet(running))) {
            final EpochSpan span = spans.get(number);
            if (span != null && now >= span.notAfterMs() + schedule.overlapMs()) {
                retiring.put(number, engine.retireKeyEpoch(number));
                accepted.remove(number);
            }
        }
    }

    /** A sender may use the key of an epoch from then on. */
    private long promisedMs(long number) {
        return schedule.startMs(number) - schedule.earlyMs();
    }

    private long aheadMs() {
        return Math.max(schedule.earlyMs(), schedule.lengthMs() / AHEAD_PER_LENGTH);
    }
}
