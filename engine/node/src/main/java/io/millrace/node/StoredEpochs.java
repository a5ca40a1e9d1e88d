package io.millrace.node;

import io.millrace.crypto.Randomness;
import io.millrace.directory.DelayLaw;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.node.keys.EpochSpan;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.text.ConfigException;
import io.millrace.text.FileTrouble;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The key epochs of one relay, whose secrets are in its store: draws and announces keys, makes each epoch when the engine asks
 * for it, wipes its key when it is over, erases its journal and discloses its delays.
 *
 * <p>Each step is on the disk before the next one begins, so that a process that is killed between two goes on. Wiping and
 * erasing need no room on the disk, and give some back: they do not wait for other writes that fail.
 *
 * <p>Threading: one thread at a time, which is none of the engine's.
 */
final class StoredEpochs implements EpochSource, AutoCloseable {
    /** Most epochs of a time when the relay was down that are disclosed. */
    static final int MOST_OWED = 4_096;

    private static final long DISCLOSING_NS = 50_000_000;

    private final EpochSchedule schedule;
    private final DelayLaw law;
    private final SphinxProfile profile;
    private final EpochKeyStore store;
    private final EpochMaker maker;
    private final EpochDocuments documents;
    private final NetworkClock clock;
    private final Randomness randomness;
    private final ReentrantLock busy = new ReentrantLock(); // held by the thread that the disk may hold
    private final TreeSet<Long> restored = new TreeSet<>();
    private final Set<Long> given = new HashSet<>(); // to the engine, and not retired yet
    private final Map<Long, Optional<EpochDelayProof>> erased = new HashMap<>(); // empty: nothing to disclose
    private final TreeMap<Long, EpochSpan> owed = new TreeMap<>();
    private boolean changed = true;

    /**
     * Brings back the state that an earlier process left, and draws the keys that are missing.
     *
     * @param schedule of the epochs, the same for the whole life of the identity.
     * @param law of the delays.
     * @param profile of the epochs that are drawn from now on.
     * @param store of the secrets; taken over.
     * @param maker of the epochs; taken over.
     * @param documents of the relay; taken over.
     * @param clock network time.
     * @param randomness of the secrets.
     * @throws ConfigException if the store was made for another schedule or its live epochs for another law.
     * @throws IOException if the store cannot be written.
     */
    StoredEpochs(
            EpochSchedule schedule,
            DelayLaw law,
            SphinxProfile profile,
            EpochKeyStore store,
            EpochMaker maker,
            EpochDocuments documents,
            NetworkClock clock,
            Randomness randomness)
            throws IOException {
        this.schedule = schedule;
        this.law = law;
        this.profile = profile;
        this.store = store;
        this.maker = maker;
        this.documents = documents;
        this.clock = clock;
        this.randomness = randomness;
        restore();
    }

    /** Publishes the descriptor, before the engine starts. */
    void announce() throws IOException {
        announceIfChanged(clock.nowMs());
    }

    @Override
    public List<Long> live(long due) {
        return List.copyOf(restored);
    }

    @Override
    public SphinxEpoch make(long number) throws IOException {
        return busily(() -> {
            drawFrom(number, number);
            final SphinxEpoch made = maker.make(number);
            given.add(number);
            return made;
        });
    }

    @Override
    public long endMs(long number, EpochSchedule same) {
        return store.live().get(number).notAfterMs();
    }

    @Override
    public boolean beginEarly(long number, long nowMs) throws IOException {
        return busily(() -> {
            final EpochSpan ending = store.live().get(number - 1);
            final EpochSpan next = store.live().get(number);
            if (store.running() != number - 1 || ending == null || next == null || nowMs <= ending.notBeforeMs()) {
                return false;
            }
            store.move(next.from(nowMs, next.notAfterMs()));
            store.move(ending.from(ending.notBeforeMs(), nowMs));
            store.run(number);
            changed = true;
            return true;
        });
    }

    @Override
    public void onRetired(RetiredEpoch epoch) throws IOException {
        busily(() -> {
            final long number = epoch.number();
            given.remove(number);
            if (store.live().containsKey(number)) {
                wipe(store.live().get(number));
            }
            erased.put(number, epoch.disclose());
            return null;
        });
    }

    @Override
    public void work(long running, long nowMs) throws IOException {
        busily(() -> {
            IOException failed = attempt(() -> wipeUnused(running, nowMs), null);
            failed = attempt(() -> goOn(running, nowMs), failed);
            failed = attempt(this::disclose, failed);
            if (failed != null) {
                throw failed;
            }
            return null;
        });
    }

    /** Nothing: the relay asks the engine for problems. */
    @Override
    public void onFailure(Throwable failure) {}

    /**
     * Wipes all keys in memory; after the engine was closed. The next process discloses the epochs that are over. A thread that
     * the disk holds keeps its keys until the process ends.
     */
    @Override
    public void close() {
        if (busy.tryLock()) {
            try {
                documents.close();
                maker.close();
                store.close();
            } finally {
                busy.unlock();
            }
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    /** Runs a step; a failure has the file in its message, for people. */
    private <T> T busily(Step<T> step) throws IOException {
        busy.lock();
        try {
            return step.run();
        } catch (IOException e) {
            throw new IOException(FileTrouble.describe(e), e);
        } finally {
            busy.unlock();
        }
    }

    /** Runs a part of a step; the first failure of a step is kept. */
    private static IOException attempt(Writing part, IOException before) {
        try {
            part.run();
            return before;
        } catch (IOException e) {
            return before != null ? before : e;
        }
    }

    private void goOn(long running, long nowMs) throws IOException {
        noteRunning(running);
        drawAhead(nowMs);
        announceIfChanged(nowMs);
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
        drawAhead(clock.nowMs());
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
                store.move(span.from(span.notBeforeMs(), next.notBeforeMs()));
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

    private void drawAhead(long nowMs) throws IOException {
        final long due = schedule.numberAt(nowMs);
        drawFrom(Math.max(store.running(), due), due + EpochSchedule.MAX_AHEAD);
    }

    private void drawFrom(long first, long number) throws IOException {
        final long missing =
                store.live().isEmpty() ? first : Math.max(first, store.live().lastKey() + 1);
        for (long each = missing; each <= number; each++) {
            store.draw(nominal(each), randomness);
            changed = true;
        }
    }

    /** The engine went on by the clock; the disk follows. */
    private void noteRunning(long running) throws IOException {
        final long last = store.running();
        if (running > last) {
            store.run(running);
            meetSpans(); // an early roll whose second half failed
            owePassed(last, running);
            changed = true;
        }
    }

    /** Of epochs that passed unused, while the process was suspended. */
    private void wipeUnused(long running, long nowMs) throws IOException {
        for (EpochSpan span : List.copyOf(store.live().headMap(running, false).values())) {
            if (nowMs >= span.notAfterMs() + schedule.overlapMs() && !given.contains(span.number())) {
                wipe(span);
            }
        }
    }

    private void wipe(EpochSpan span) throws IOException {
        store.wipe(span.number());
        owed.put(span.number(), span);
        changed = true;
    }

    private void announceIfChanged(long nowMs) throws IOException {
        if (changed) {
            documents.announce(store, maker, law, nowMs);
            changed = false;
        }
    }

    /** In the order of the numbers: the newest disclosure says that all before it are out. */
    private void disclose() throws IOException {
        final long start = System.nanoTime();
        while (!owed.isEmpty()
                && owed.firstKey() < store.live().firstKey()
                && System.nanoTime() - start < DISCLOSING_NS) {
            final EpochSpan span = owed.firstEntry().getValue();
            if (!erased.containsKey(span.number())) {
                try (RetiredEpoch over = maker.over(span.number(), DelayLaw.parse(span.law()))) {
                    erased.put(span.number(), over.disclose());
                }
            }
            final Optional<EpochDelayProof> opened = erased.get(span.number());
            if (opened.isPresent()) {
                documents.disclose(span, opened.get());
            }
            if (store.ended().containsKey(span.number())) {
                store.forget(span.number());
            }
            maker.erased(span.number());
            erased.remove(span.number());
            owed.remove(span.number());
        }
    }

    private EpochSpan nominal(long number) {
        return new EpochSpan(number, schedule.startMs(number), schedule.endMs(number), law.toString(), profile);
    }
}
