package io.millrace.cli.node;

import io.millrace.cli.console.UsageError;
import io.millrace.cli.keys.EpochKeyStore;
import io.millrace.cli.keys.EpochSpan;
import io.millrace.crypto.SecureRandomness;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.EpochSchedule;
import io.millrace.directory.NetworkClock;
import io.millrace.relay.EpochReport;
import io.millrace.relay.KeyEpoch;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RetiredEpoch;
import io.millrace.vrf.EpochOpening;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Drives the key epochs of one relay by the schedule: draws and announces keys, accepts each epoch shortly before it
 * begins, runs it, accepts it for the overlap after its end, retires it, and discloses its delays.
 *
 * <p>An epoch whose replay set is {@value #FULL_PERCENT} percent full ends early, at most
 * {@link EpochSchedule#MAX_AHEAD} epochs ahead of the schedule. Numbers never go back and have no gap: an epoch that passed
 * while the relay was down is disclosed too.
 *
 * <p>Threading: one thread, which is none of the engine's. Closed after the engine.
 *
 * <p>Source: {@code src/docs/epochs.md}.
 */
final class RelayEpochs implements AutoCloseable {
    /** Share of a replay set from which the relay goes on to the next epoch, in percent. */
    static final int FULL_PERCENT = 80;

    /** Most epochs of a time when the relay was down that are disclosed. */
    static final int MOST_OWED = 4_096;

    private static final int MOST_LIVE = 4;
    private static final int AHEAD_PER_LENGTH = 4;
    private static final long DISCLOSING_NS = 50_000_000;

    private final EpochSchedule schedule;
    private final DelayLaw law;
    private final EpochKeyStore store;
    private final EpochMaker maker;
    private final EpochDocuments documents;
    private final NetworkClock clock;
    private final SecureRandomness randomness = new SecureRandomness();
    private final TreeSet<Long> accepted = new TreeSet<>();
    private final Map<Long, CompletableFuture<RetiredEpoch>> retiring = new TreeMap<>();
    private final TreeMap<Long, RetiredEpoch> retired = new TreeMap<>();
    private final TreeMap<Long, EpochSpan> owed = new TreeMap<>();
    private RelayEngine engine;
    private boolean changed = true;
    private EpochOpening opened; // of the first epoch that is owed, if its disclosure could not be written
    private String problem;
    private String late;

    /**
     * Brings back what a process before left, and draws the keys that are missing.
     *
     * @param schedule of the epochs, the same for the whole life of the identity.
     * @param law of the delays.
     * @param store of the secrets; taken over.
     * @param maker of the epochs; taken over.
     * @param documents of the relay; taken over.
     * @param clock network time.
     * @throws UsageError if the store was made for another schedule or its live epochs for another law.
     * @throws IOException if the store cannot be written.
     */
    RelayEpochs(
            EpochSchedule schedule,
            DelayLaw law,
            EpochKeyStore store,
            EpochMaker maker,
            EpochDocuments documents,
            NetworkClock clock)
            throws IOException {
        this.schedule = schedule;
        this.law = law;
        this.store = store;
        this.maker = maker;
        this.documents = documents;
        this.clock = clock;
        restore();
    }

    /** The oldest epoch that is accepted, for the engine to begin with; the engine closes it. */
    KeyEpoch first() throws IOException {
        return maker.make(accepted.first());
    }

    /**
     * Gives the engine the other epochs and publishes the descriptor.
     *
     * @param built with {@link #first}; not started.
     */
    void attach(RelayEngine built) throws IOException {
        engine = built;
        for (long number : accepted.tailSet(accepted.first(), false)) {
            engine.acceptKeyEpoch(maker.make(number));
        }
        if (accepted.first() != store.running()) {
            engine.runKeyEpoch(store.running());
        }
        announceIfChanged(clock.nowMs());
    }

    /** Does what is due. Any number of calls; every few milliseconds to every second, by the length of the epochs. */
    void poll() {
        clock.observe();
        final long now = clock.nowMs();
        try {
            acceptNext();
            drawAhead(now);
            roll(now);
            retireOver(now);
            announceIfChanged(now);
            problem = null;
        } catch (IOException e) {
            problem = "key epochs: " + e.getMessage();
        }
        try {
            disclose();
        } catch (IOException e) {
            problem = "an epoch that is over is not disclosed: " + e.getMessage();
        }
    }

    /** Why epochs do not go on; empty if they do. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** A line for people about an epoch that was accepted too late, once; empty if there is none. */
    Optional<String> takeLate() {
        final Optional<String> line = Optional.ofNullable(late);
        late = null;
        return line;
    }

    /** Last epoch that can run now: later ones have not been announced. */
    long limit() {
        return schedule.numberAt(clock.nowMs()) + EpochSchedule.MAX_AHEAD;
    }

    /** Wipes all keys in memory. What is not disclosed is, by the next process. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void close() {
        retired.values().forEach(RetiredEpoch::close);
        for (CompletableFuture<RetiredEpoch> each : retiring.values()) {
            each.thenAccept(RetiredEpoch::close);
        }
        documents.close();
        maker.close();
        store.close();
    }

    private void restore() throws IOException {
        store.keepTo("anchor " + schedule.anchorMs() + " ms, length " + schedule.lengthMs() + " ms, overlap "
                + schedule.overlapMs() + " ms");
        refuseAnotherLaw();
        final long now = clock.nowMs();
        meetSpans();
        final long last = store.running();
        long running = Math.max(schedule.numberAt(now), last);
        for (EpochSpan span : store.live().values()) {
            if (span.notBeforeMs() <= now) {
                running = Math.max(running, span.number());
            }
        }
        for (EpochSpan span : List.copyOf(store.live().values())) {
            if (span.number() < running && now >= span.notAfterMs() + schedule.overlapMs()) {
                store.wipe(span.number());
            } else if (span.number() <= running) {
                accepted.add(span.number());
            }
        }
        owed.putAll(store.ended());
        owePassed(last, running);
        drawUpTo(running);
        drawAhead(now);
        accepted.add(running);
        if (running > last) {
            store.run(running);
        }
    }

    private void refuseAnotherLaw() {
        for (EpochSpan span : store.live().values()) {
            if (!span.law().equals(law.toString()) && span.notAfterMs() > clock.nowMs()) {
                throw new UsageError("[engine] delay=" + law + ": epochs up to "
                        + store.live().lastKey()
                        + " are announced with " + span.law() + ": keep that until they are over, at "
                        + Instant.ofEpochMilli(
                                store.live().lastEntry().getValue().notAfterMs()));
            }
        }
    }

    /** A crash between the two halves of an early roll leaves an epoch that ends after the next one began. */
    private void meetSpans() throws IOException {
        for (EpochSpan span : List.copyOf(store.live().values())) {
            final EpochSpan next = store.live().get(span.number() + 1);
            if (next != null && next.notBeforeMs() != span.notAfterMs()) {
                store.move(new EpochSpan(span.number(), span.notBeforeMs(), next.notBeforeMs(), span.law()));
            }
        }
    }

    /** Epochs that passed while the relay was down or suspended had no packets, but their disclosures close the gap. */
    private void owePassed(long last, long running) throws IOException {
        final long disclosed = documents.latestDisclosed().orElse(EpochKeyStore.NONE);
        final long first = Math.max(Math.max(last, disclosed) + 1, running - MOST_OWED);
        for (long number = first; last != EpochKeyStore.NONE && number < running; number++) {
            if (!store.live().containsKey(number) && !store.ended().containsKey(number)) {
                owed.put(number, nominal(number));
            }
        }
    }

    private void drawAhead(long now) throws IOException {
        drawUpTo(schedule.numberAt(now) + EpochSchedule.MAX_AHEAD);
    }

    private void drawUpTo(long number) throws IOException {
        final long running = Math.max(store.running(), schedule.numberAt(clock.nowMs()));
        final long first = store.live().isEmpty()
                ? running
                : Math.max(running, store.live().lastKey() + 1);
        for (long each = first; each <= number; each++) {
            store.draw(nominal(each), randomness);
            changed = true;
            acceptNext();
        }
    }

    /** Again after every step that writes: packets of the next epoch do not wait for the disk. */
    private void acceptNext() throws IOException {
        if (engine == null) {
            return; // the engine is not built yet
        }
        final long now = clock.nowMs();
        final long next = store.running() + 1;
        final long promisedMs = schedule.startMs(next) - schedule.earlyMs();
        if (now < schedule.startMs(next) - aheadMs()
                || accepted.contains(next)
                || !store.live().containsKey(next)) {
            return;
        }
        if (accept(next)) {
            final long lateMs = clock.nowMs() - promisedMs;
            if (lateMs > 0) {
                late = "key epoch " + next + " was accepted " + lateMs
                        + " ms late, and its packets until then were dropped as epoch-over: this machine or its disk"
                        + " stalls";
            }
        }
    }

    /** Allocating and journalling take time, so the relay begins before it has to. */
    private long aheadMs() {
        return Math.max(schedule.earlyMs(), schedule.lengthMs() / AHEAD_PER_LENGTH);
    }

    private boolean accept(long number) throws IOException {
        if (!accepted.contains(number)) {
            if (engine.epochs().size() == MOST_LIVE) {
                return false;
            }
            engine.acceptKeyEpoch(maker.make(number));
            accepted.add(number);
        }
        return true;
    }

    private void roll(long now) throws IOException {
        final long due = schedule.numberAt(now);
        if (due > store.running()) {
            if (accept(due)) {
                owePassed(store.running(), due);
                run(due);
            }
        } else if (isFull(store.running()) && store.running() < limit()) {
            rollEarly(now);
        }
    }

    private void rollEarly(long now) throws IOException {
        final EpochSpan ending = store.live().get(store.running());
        final EpochSpan next = store.live().get(store.running() + 1);
        if (now <= ending.notBeforeMs() || next == null || !accept(next.number())) {
            return;
        }
        store.move(new EpochSpan(next.number(), now, next.notAfterMs(), next.law()));
        store.move(new EpochSpan(ending.number(), ending.notBeforeMs(), now, ending.law()));
        run(next.number());
    }

    private void run(long number) throws IOException {
        store.run(number);
        engine.runKeyEpoch(number);
        changed = true;
    }

    private boolean isFull(long number) {
        for (EpochReport report : engine.epochs()) {
            if (report.number() == number) {
                return report.tags() * 100 >= report.capacity() * FULL_PERCENT;
            }
        }
        return false;
    }

    /** Also wipes the keys of epochs that passed unused, while the process was suspended. */
    private void retireOver(long now) throws IOException {
        for (EpochSpan span :
                List.copyOf(store.live().headMap(store.running(), false).values())) {
            if (now < span.notAfterMs() + schedule.overlapMs() || retiring.containsKey(span.number())) {
                continue;
            }
            if (accepted.remove(span.number())) {
                retiring.put(span.number(), engine.retireKeyEpoch(span.number()));
            } else if (!retired.containsKey(span.number())) {
                store.wipe(span.number());
                owed.put(span.number(), span);
                changed = true;
            }
        }
        for (var each : List.copyOf(retiring.entrySet())) {
            if (each.getValue().isDone()) {
                retiring.remove(each.getKey());
                if (!each.getValue().isCompletedExceptionally()) {
                    retired.put(each.getKey(), each.getValue().join());
                }
            }
        }
        for (long number : retired.keySet()) {
            if (store.live().containsKey(number)) {
                store.wipe(number);
                owed.put(number, store.ended().get(number));
                changed = true;
                acceptNext();
            }
        }
    }

    private void announceIfChanged(long now) throws IOException {
        if (changed) {
            documents.announce(store, maker, law, now);
            changed = false;
            acceptNext();
        }
    }

    /** In the order of the numbers: the newest disclosure says that all before it are out. */
    private void disclose() throws IOException {
        final long start = System.nanoTime();
        while (!owed.isEmpty() && System.nanoTime() - start < DISCLOSING_NS) {
            final EpochSpan span = owed.firstEntry().getValue();
            if (opened == null) {
                RetiredEpoch over = retired.get(span.number());
                if (over == null) {
                    over = maker.over(span.number());
                    retired.put(span.number(), over);
                }
                opened = over.disclose().orElse(null);
            }
            if (opened != null) {
                documents.disclose(span, opened);
                opened = null;
            }
            if (store.ended().containsKey(span.number())) {
                store.forget(span.number());
            }
            acceptNext();
            maker.erased(span.number());
            owed.remove(span.number());
            retired.remove(span.number());
        }
    }

    private EpochSpan nominal(long number) {
        return new EpochSpan(number, schedule.startMs(number), schedule.endMs(number), law.toString());
    }
}
