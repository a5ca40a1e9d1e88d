package io.millrace.relay.live;

import io.millrace.carrier.Carrier;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochState;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.queue.Ring;
import io.millrace.relay.thread.QuiescentStateTracker;
import io.millrace.relay.trace.EpochRollEvent;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.vrf.DelayPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The key epochs of an engine: accepts them, runs them, retires them.
 *
 * <p>Threading: engine threads read {@link #current()} once per batch and hold it within their round; {@link #poll()}
 * belongs to the thread that owns the wheel; everything else is for any thread.
 */
public final class EpochTable implements AutoCloseable {
    /** Key ids of ended epochs that are remembered, to refuse them: at 30 s an epoch, three weeks. */
    private static final int KNOWN_LIMIT = 1 << 16;

    private final Carrier carrier; // null: none
    private final DelayPolicy policy;
    private final QuiescentStateTracker rounds;
    private final Ring ring;
    private final EnginePeers neighbours;
    private final SphinxGeometry geometry;
    private final WaitingCounts waiting;
    private final AtomicReference<LiveEpochs> live;
    private final Queue<Retirement> begun = new ConcurrentLinkedQueue<>();
    private final List<Retirement> retiring = new ArrayList<>(LiveEpochs.LIMIT); // the wheel's thread
    private final Set<RelayId> known = new LinkedHashSet<>(); // guarded by this
    private long highest; // guarded by this
    private long previous = -1; // before the running one, of rollKeyEpoch; guarded by this
    private CompletableFuture<Void> erasing = CompletableFuture.completedFuture(null); // guarded by this
    private volatile boolean isRetiring;

    /**
     * Begins with {@code first}, running.
     *
     * @param carrier the engine's; null if it has none.
     * @param policy of the engine's delays.
     * @param geometry of the engine's packets.
     */
    public EpochTable(
            Carrier carrier,
            DelayPolicy policy,
            QuiescentStateTracker rounds,
            Ring ring,
            EnginePeers neighbours,
            SphinxGeometry geometry,
            SphinxEpoch first) {
        this.carrier = carrier;
        this.policy = policy;
        this.rounds = rounds;
        this.ring = ring;
        this.neighbours = neighbours;
        this.geometry = geometry;
        this.waiting = new WaitingCounts(neighbours.limit());
        take(first);
        this.live = new AtomicReference<>(new LiveEpochs(first));
    }

    /** The live epochs now. */
    public LiveEpochs current() {
        return live.get();
    }

    /** Packets on the wheel, by epoch. */
    public WaitingCounts waiting() {
        return waiting;
    }

    /** Accepts packets under {@code next} from now on. */
    public synchronized void accept(SphinxEpoch next) {
        final LiveEpochs now = live.get();
        if (next.number() <= highest) {
            throw new IllegalArgumentException(
                    "epochs must rise: number=" + next.number() + ", highest so far=" + highest);
        }
        final int place = now.freePlace();
        if (place == LiveEpochs.NONE) {
            throw new IllegalStateException("an engine has at most " + LiveEpochs.LIMIT
                    + " live epochs, and the oldest is not over yet: number=" + next.number());
        }
        if (now.hasLowBitsOf(next.number())) {
            throw new IllegalArgumentException(
                    "a live epoch's number has the same low 8 bits: number=" + next.number());
        }
        take(next);
        live.updateAndGet(each -> each.with(place, next));
    }

    /** Closes an epoch that the engine does not have, but for parts that it shares with one that the engine has. */
    public synchronized void discard(SphinxEpoch refused) {
        final LiveEpochs now = live.get();
        final List<SphinxEpoch> had = new ArrayList<>();
        for (int place = 0; place < LiveEpochs.LIMIT; place++) {
            if (now.at(place) != null) {
                had.add(now.at(place));
            }
        }
        refused.discard(had);
    }

    /** Makes {@code number} the running epoch. */
    public synchronized void run(long number) {
        final EpochRollEvent event = new EpochRollEvent();
        event.begin();
        final int place = requireAccepted(number);
        live.updateAndGet(each -> each.running(place));
        event.epoch = number;
        event.commit();
    }

    /** Accepts nothing more under {@code number}; completes when the epoch is over. */
    public synchronized CompletableFuture<RetiredEpoch> retire(long number) {
        final int place = requireAccepted(number);
        if (live.get().running() == place) {
            throw new IllegalArgumentException("the running epoch cannot be retired: number=" + number);
        }
        live.updateAndGet(each -> each.refusing(place));
        final Retirement retirement = new Retirement(place, rounds.mark());
        begun.add(retirement);
        isRetiring = true;
        rounds.ring();
        return retirement.future();
    }

    /** Accepts and runs {@code next}; the epoch before the running one is retired, erased and closed undisclosed. */
    public synchronized void roll(SphinxEpoch next) {
        if (erasing.isCompletedExceptionally()) {
            throw new IllegalStateException("an epoch is over, but its journal stays", erasing.exceptionNow());
        }
        final long before = live.get().runningNumber();
        accept(next);
        run(next.number());
        if (previous >= 0 && live.get().placeOf(previous) != LiveEpochs.NONE) {
            erasing = retire(previous).thenAccept(EpochTable::erase);
        }
        previous = before;
    }

    /** The live epochs, in the order of their numbers. */
    public List<EpochReport> reports() {
        final LiveEpochs now = live.get();
        final List<EpochReport> reports = new ArrayList<>();
        for (int place = 0; place < LiveEpochs.LIMIT; place++) {
            final SphinxEpoch epoch = now.at(place);
            if (epoch != null) {
                final EpochState state = now.running() == place
                        ? EpochState.RUNNING
                        : now.isAccepted(place) ? EpochState.ACCEPTED : EpochState.RETIRING;
                final ReplayFilter seen = epoch.replayFilter();
                reports.add(new EpochReport(
                        epoch.number(),
                        epoch.key().id(),
                        epoch.key().profile(),
                        state,
                        seen.size(),
                        seen.capacity(),
                        waiting.count(place)));
            }
        }
        reports.sort((a, b) -> Long.compare(a.number(), b.number()));
        return reports;
    }

    /** Goes on with epochs that retire; once per round of the thread that owns the wheel. */
    void poll() {
        if (!isRetiring) {
            return;
        }
        isRetiring = false;
        for (Retirement each = begun.poll(); each != null; each = begun.poll()) {
            retiring.add(each);
        }
        for (int i = retiring.size() - 1; i >= 0; i--) {
            if (retiring.get(i).isOver(rounds, ring, waiting, neighbours)) {
                end(retiring.remove(i));
            }
        }
        if (!retiring.isEmpty()) {
            isRetiring = true;
        }
    }

    /** Whether {@link #poll} has something to go on with. */
    boolean isRetiring() {
        return isRetiring;
    }

    /**
     * Closes all epochs; after the engine's threads have ended. Epochs that were retiring are over. Those that {@link #roll}
     * ended are erased before this returns, so that the caller may close the store of their journals.
     */
    @Override
    public synchronized void close() {
        retiring.addAll(begun);
        begun.clear();
        retiring.forEach(this::end);
        retiring.clear();
        erasing.handle((done, failure) -> null).join(); // a failure left a journal, which the next process erases
        final LiveEpochs now = live.get();
        for (int place = 0; place < LiveEpochs.LIMIT; place++) {
            if (now.at(place) != null) {
                now.at(place).close();
            }
        }
    }

    private void end(Retirement retirement) {
        final SphinxEpoch over = live.get().at(retirement.place());
        live.updateAndGet(each -> each.without(retirement.place()));
        // Elsewhere: wiping makes every thread pass a handshake, and the caller's continuation may take its time.
        retirement.future().completeAsync(over::retireClaimed);
    }

    private static void erase(RetiredEpoch retired) {
        try (retired) {
            retired.erase();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int requireAccepted(long number) {
        final LiveEpochs now = live.get();
        final int place = now.placeOf(number);
        if (place == LiveEpochs.NONE || !now.isAccepted(place)) {
            throw new IllegalArgumentException("no such epoch is accepted: number=" + number);
        }
        return place;
    }

    private void take(SphinxEpoch next) {
        next.replayFilter().requireAllowed(carrier);
        if (!geometry.coexistsWith(next.key().profile())) {
            throw new IllegalArgumentException("the engine's geometry has no packets of the key's profile: number="
                    + next.number() + ", profile=" + next.key().profile() + ", geometry=" + geometry);
        }
        if ((next.delays() != null) != (policy == DelayPolicy.EPOCH_VRF)) {
            throw new IllegalArgumentException("an epoch has a key of delays under the policy "
                    + DelayPolicy.EPOCH_VRF.label() + " and under no other: policy=" + policy.label());
        }
        final RelayId id = next.key().id();
        if (known.contains(id) && !isMeasured()) {
            throw new IllegalArgumentException("the key was used before; with an empty replay set, its packets would be"
                    + " accepted twice: number=" + next.number() + ", keyId=" + id);
        }
        if (!next.claim()) {
            throw new IllegalArgumentException(
                    "the epoch, or its replay set, was used before: number=" + next.number());
        }
        known.add(id);
        if (known.size() > KNOWN_LIMIT) {
            known.remove(known.iterator().next());
        }
        highest = next.number();
    }

    /** Whether this engine is being measured with packets that its own process made. */
    private boolean isMeasured() {
        return carrier != null && carrier.isClosedLoop();
    }
}
