package io.millrace.node;

import io.millrace.crypto.Randomness;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.EpochSchedule;
import io.millrace.directory.NetworkClock;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.node.keys.EpochSpan;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.text.ConfigException;
import io.millrace.text.FileTrouble;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The part of key epochs that waits for the disk: draws and announces keys, makes each epoch one length before it begins,
 * wipes its key when it is over, erases its journal and discloses its delays.
 *
 * <p>Each step is on the disk before the next one begins, so that a process that is killed between two goes on.
 *
 * <p>Threading: one thread at a time, which is none of the engine's, but for {@link #problem}.
 */
final class EpochWork implements AutoCloseable {
    /** Share of a replay set from which the relay goes on to the next epoch, in percent. */
    static final int FULL_PERCENT = 80;

    /** Most epochs of a time when the relay was down that are disclosed. */
    static final int MOST_OWED = 4_096;

    private static final long DISCLOSING_NS = 50_000_000;

    private final EpochSchedule schedule;
    private final DelayLaw law;
    private final EpochKeyStore store;
    private final EpochMaker maker;
    private final EpochDocuments documents;
    private final NetworkClock clock;
    private final Randomness randomness;
    private final EpochTurns turns;
    private final TreeSet<Long> restored = new TreeSet<>();
    private final TreeMap<Long, RetiredEpoch> retired = new TreeMap<>();
    private final TreeMap<Long, EpochSpan> owed = new TreeMap<>();
    private boolean changed = true;
    private EpochDelayProof opened; // of the first epoch that is owed, if its disclosure could not be written
    private volatile String problem;

    /**
     * Brings back the state that an earlier process left, and draws the keys that are missing.
     *
     * @param schedule of the epochs, the same for the whole life of the identity.
     * @param law of the delays.
     * @param store of the secrets; taken over.
     * @param maker of the epochs; taken over.
     * @param documents of the relay; taken over.
     * @param clock network time.
     * @param randomness of the secrets.
     * @param turns takes the epochs that were made.
     * @throws ConfigException if the store was made for another schedule or its live epochs for another law.
     * @throws IOException if the store cannot be written.
     */
    EpochWork(
            EpochSchedule schedule,
            DelayLaw law,
            EpochKeyStore store,
            EpochMaker maker,
            EpochDocuments documents,
            NetworkClock clock,
            Randomness randomness,
            EpochTurns turns)
            throws IOException {
        this.schedule = schedule;
        this.law = law;
        this.store = store;
        this.maker = maker;
        this.documents = documents;
        this.clock = clock;
        this.randomness = randomness;
        this.turns = turns;
        restore();
    }

    /** The oldest epoch that is accepted, for the engine to begin with; the engine closes it. */
    SphinxEpoch first() throws IOException {
        return maker.make(restored.first());
    }

    /**
     * Gives the engine the other epochs and publishes the descriptor.
     *
     * @param engine built with {@link #first}; not started.
     */
    void attach(RelayEngine engine) throws IOException {
        for (long number : restored.tailSet(restored.first(), false)) {
            final SphinxEpoch epoch = maker.make(number);
            boolean accepted = false;
            try {
                engine.acceptKeyEpoch(epoch);
                accepted = true;
            } finally {
                if (!accepted) {
                    epoch.close();
                }
            }
        }
        if (restored.first() != store.running()) {
            engine.runKeyEpoch(store.running());
        }
        turns.begin(engine, restored, store.running());
        tellSpans();
        prepare();
        turns.poll();
        announceIfChanged();
    }

    /**
     * Does the work that is due. A step that failed is tried again in the next call.
     *
     * @return whether every write succeeded; if not, {@link #problem} tells why.
     */
    boolean step() {
        // Wiping and erasing need no room on the disk, and give some back: they come first, and fail apart from the
        // rest.
        String failed = attempt("an epoch that is over is not wiped", this::wipeOver, null);
        failed = attempt("key epochs", this::goOn, failed);
        failed = attempt("an epoch that is over is not disclosed", this::disclose, failed);
        problem = failed;
        return failed == null;
    }

    private interface Writing {
        void run() throws IOException;
    }

    /** Runs a part of a step; the first failure of a step is kept. */
    private static String attempt(String what, Writing part, String before) {
        try {
            part.run();
            return before;
        } catch (IOException e) {
            return before != null ? before : what + ": " + FileTrouble.describe(e);
        }
    }

    private void goOn() throws IOException {
        prepare();
        noteRunning();
        rollEarlyIfFull();
        drawAhead();
        announceIfChanged();
    }

    /** Why the last step failed; empty if it did not. Any thread. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Wipes all keys in memory; after the engine was closed. The next process discloses the epochs that are over. */
    @Override
    public void close() {
        turns.close();
        retired.values().forEach(RetiredEpoch::close);
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
                restored.add(span.number());
            }
        }
        owed.putAll(store.ended());
        owePassed(last, running);
        drawFrom(running, running); // though another epoch may have begun since
        drawAhead();
        restored.add(running);
        if (running > last) {
            store.run(running);
        }
    }

    private void refuseAnotherLaw() {
        for (EpochSpan span : store.live().values()) {
            if (!span.law().equals(law.toString()) && span.notAfterMs() > clock.nowMs()) {
                throw new ConfigException("[engine] delay=" + law + ": epochs up to "
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
        // A process that ended between its first step and its last disclosure leaves a gap after the newest one.
        final long first = Math.max(documents.latestDisclosed().orElse(last) + 1, running - MOST_OWED);
        for (long number = first; last != EpochKeyStore.NONE && number < running; number++) {
            if (!store.live().containsKey(number) && !store.ended().containsKey(number)) {
                owed.put(number, nominal(number));
            }
        }
    }

    private void drawAhead() throws IOException {
        final long due = schedule.numberAt(clock.nowMs());
        drawFrom(Math.max(store.running(), due), due + EpochSchedule.MAX_AHEAD);
    }

    private void drawFrom(long running, long number) throws IOException {
        final long first = store.live().isEmpty()
                ? running
                : Math.max(running, store.live().lastKey() + 1);
        for (long each = first; each <= number; each++) {
            prepare();
            store.draw(nominal(each), randomness);
            changed = true;
            tellSpans();
            prepare();
        }
    }

    /** Makes the epoch that is wanted next. Before and after every write: packets do not wait for it. */
    private void prepare() throws IOException {
        final OptionalLong wanted = turns.wanted();
        if (wanted.isPresent() && store.live().containsKey(wanted.getAsLong())) {
            turns.ready(maker.make(wanted.getAsLong()));
        }
    }

    /** The engine went on by the clock; the disk follows. */
    private void noteRunning() throws IOException {
        final long running = turns.running();
        final long last = store.running();
        if (running > last) {
            store.run(running);
            meetSpans(); // an early roll whose second half failed
            owePassed(last, running);
            changed = true;
        }
    }

    private void rollEarlyIfFull() throws IOException {
        final long now = clock.nowMs();
        final long due = schedule.numberAt(now);
        final long running = store.running();
        final EpochSpan ending = store.live().get(running);
        final EpochSpan next = store.live().get(running + 1);
        if (running < due
                || running >= due + EpochSchedule.MAX_AHEAD
                || next == null
                || now <= ending.notBeforeMs()
                || !turns.isFull(running, FULL_PERCENT)
                || !turns.accept(running + 1)) {
            return;
        }
        store.move(new EpochSpan(next.number(), now, next.notAfterMs(), next.law()));
        store.move(new EpochSpan(ending.number(), ending.notBeforeMs(), now, ending.law()));
        store.run(next.number());
        changed = true;
        tellSpans();
        turns.run(next.number());
        prepare();
    }

    /** Also wipes the keys of epochs that passed unused, while the process was suspended. */
    private void wipeOver() throws IOException {
        for (RetiredEpoch each : turns.takeOver()) {
            retired.put(each.number(), each);
        }
        final long now = clock.nowMs();
        for (EpochSpan span :
                List.copyOf(store.live().headMap(store.running(), false).values())) {
            final boolean unused = now >= span.notAfterMs() + schedule.overlapMs() && !turns.isLive(span.number());
            if (unused || retired.containsKey(span.number())) {
                store.wipe(span.number());
                owed.put(span.number(), span);
                changed = true;
                tellSpans();
            }
        }
    }

    private void announceIfChanged() throws IOException {
        if (changed) {
            documents.announce(store, maker, law, clock.nowMs());
            changed = false;
            prepare();
        }
    }

    /** In the order of the numbers: the newest disclosure says that all before it are out. */
    private void disclose() throws IOException {
        final long start = System.nanoTime();
        while (!owed.isEmpty()
                && owed.firstKey() < store.live().firstKey()
                && System.nanoTime() - start < DISCLOSING_NS) {
            final EpochSpan span = owed.firstEntry().getValue();
            if (opened == null) {
                RetiredEpoch over = retired.get(span.number());
                if (over == null) {
                    over = maker.over(span.number(), DelayLaw.parse(span.law()));
                    retired.put(span.number(), over);
                }
                opened = over.disclose().orElse(null);
            }
            if (opened != null) {
                documents.disclose(span, opened);
                opened = null;
            }
            retired.remove(span.number()); // it discloses once: should a write below fail, it is made anew
            if (store.ended().containsKey(span.number())) {
                store.forget(span.number());
            }
            maker.erased(span.number());
            owed.remove(span.number());
            prepare();
        }
    }

    private void tellSpans() {
        turns.spans(store.live());
    }

    private EpochSpan nominal(long number) {
        return new EpochSpan(number, schedule.startMs(number), schedule.endMs(number), law.toString());
    }
}
