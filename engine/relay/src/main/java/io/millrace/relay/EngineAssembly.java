package io.millrace.relay;

import io.millrace.carrier.Carrier;
import io.millrace.config.EngineConfig;
import io.millrace.config.IdleMode;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.Link;
import io.millrace.link.LinkIdentity;
import io.millrace.memory.Slab;
import io.millrace.memory.TrackedArena;
import io.millrace.metrics.Ledger;
import io.millrace.metrics.NanoClock;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.vrf.DelaySampler;
import io.millrace.wheel.DelayWheel;
import io.millrace.wheel.TickOrder;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * The parts of one engine, put together for its threading mode; owns their memory.
 *
 * <p>The ledger's writers are made in the order in which packets meet their threads.
 */
final class EngineAssembly {
    /** Longest sleep of a thread that polls a carrier which cannot wait: no call wakes it when a frame arrives. */
    private static final long LOOKING_SLEEP_NS = 10_000_000;

    private final EngineConfig config;
    private final SphinxGeometry geometry;
    private final BatchCrypto crypto;
    private final NanoClock clock;
    private final Callbacks callbacks;
    private final Carrier carrier;
    private final DelaySampler sampler;
    private final ReceiptPolicy receipts;
    private final RelayId own;
    private final long longestSleepNs;

    private final TrackedArena arena;
    private final Ledger ledger = new Ledger(CounterIndex.COUNT);
    private final List<LatencyRecorder> recorders = new ArrayList<>();
    private final List<Duty> duties;
    private final Slab slab;
    private final Ring ring;
    private final EpochTable epochs;
    private final LocalIngress door;
    private final EnginePeers neighbours;
    private final Wakeups wakeups = new Wakeups();
    private final QuiescentStateTracker rounds = new QuiescentStateTracker(this::ringAll);
    private final LinkAssembly links;
    private final Changes changes;
    private final LinkIdentity identity;
    private IoAgent io;
    private final TickShuffle shuffle;
    private final TickOrder tickOrder;
    private DelayWheel wheel;

    EngineAssembly(RelayEngineBuilder builder) {
        config = builder.config;
        geometry = builder.geometry;
        crypto = builder.crypto;
        clock = builder.clock;
        callbacks = new Callbacks(builder.listener, clock);
        carrier = builder.carrier;
        sampler = builder.sampler;
        receipts = builder.receipts;
        own = builder.relayId == null ? builder.keyEpoch.key().id() : builder.relayId;
        longestSleepNs = builder.longestSleepNs;
        // Refusals first, before any allocation.
        neighbours = new EnginePeers(builder.peers, builder.peerPlaces(), config.egressLimit());
        ring = new Ring(config.ringSize());
        epochs = new EpochTable(carrier, sampler.policy(), rounds, ring, neighbours, builder.keyEpoch);

        arena = TrackedArena.shared();
        slab = new Slab(config.slotCount(), geometry.packetLength());
        identity = builder.identity;
        links = LinkAssembly.of(
                builder, neighbours, rounds, arena, callbacks, () -> ledger.read()[CounterIndex.SLOTS_TAKEN]);
        shuffle = new TickShuffle(arena, builder.linkRandomness);
        tickOrder = builder.tickOrder == null ? shuffle : builder.tickOrder;
        changes = new Changes(epochs, new PeerChanges(carrier, links, neighbours, rounds, ring, epochs.waiting()));
        door = new LocalIngress(slab, ring, clock, geometry.packetLength(), neighbours, wakeups);
        final List<Duty> made = switch (config.threading()) {
            case SHARED, INVOKER -> shared();
            case SPLIT -> split();
            case PARALLEL -> parallel();
        };
        if (links != null) {
            made.add(links.agent());
        }
        if (builder.epochPlan != null) {
            made.add(new EpochRoller(epochs, builder.epochPlan, clock, builder.wallClock));
        }
        duties = List.copyOf(made);
    }

    /** In the order in which they are stopped: as packets meet them, but I/O last, since it still sends. */
    List<Duty> duties() {
        return duties;
    }

    Ring ring() {
        return ring;
    }

    EpochTable epochs() {
        return epochs;
    }

    Ledger ledger() {
        return ledger;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    LocalIngress door() {
        return door;
    }

    PeerChanges peerChanges() {
        return changes.peers();
    }

    EnginePeers neighbours() {
        return neighbours;
    }

    /** Behaviour of a duty's thread without work. */
    IdleStrategy newIdleStrategy(Duty duty) {
        final boolean isLinks = duty instanceof LinkAgent;
        if (!isLinks && !(duty instanceof EpochRoller) && config.idleMode() != IdleMode.BACKOFF) {
            return config.idleMode() == IdleMode.YIELDING
                    ? YieldingIdleStrategy.INSTANCE
                    : BusySpinIdleStrategy.INSTANCE;
        }
        final long parkNs = config.tick().toNanos() / 2;
        final boolean looks = duty instanceof IoAgent || duty instanceof SharedAgent;
        final EngineIdleStrategy made;
        if (looks && carrier != null && carrier.canAwait()) {
            made = new EngineIdleStrategy(duty, parkNs, longestSleepNs, carrier);
        } else {
            made = new EngineIdleStrategy(duty, parkNs, looks ? LOOKING_SLEEP_NS : longestSleepNs, !looks);
        }
        if (!(duty instanceof EpochRoller)) { // packets give it no work
            (isLinks ? links.wakeups() : wakeups).add(made);
        }
        return made;
    }

    /** Wakes the threads that may have work after another one has had some. */
    void worked() {
        wakeups.ring();
        if (links != null) {
            links.onPackets();
        }
    }

    /** Whether all threads sleep, or are about to; for tests. */
    boolean areThreadsAsleep() {
        return wakeups.areAsleep() && (links == null || links.wakeups().areAsleep());
    }

    List<LinkReport> links() {
        return links == null ? List.of() : links.reports();
    }

    boolean isLinkUp(int peer) {
        neighbours.requirePresent(peer);
        final Link link = neighbours.link(peer);
        return link == null || link.isUp();
    }

    EngineOccupancy occupancy() {
        final List<Occupancy> egress = new ArrayList<>();
        for (int peer = 0; peer < neighbours.count(); peer++) {
            final Neighbour neighbour = neighbours.at(peer);
            egress.add(
                    neighbour == null
                            ? new Occupancy(0, 0)
                            : new Occupancy(
                                    neighbour.queue().sizeNearly(),
                                    neighbour.queue().capacity()));
        }
        final LiveEpochs live = epochs.current();
        final ReplayFilter seen = live.at(live.running()).replayFilter();
        return new EngineOccupancy(
                new Occupancy(EngineCounters.of(ledger.read()).inFlight(), slab.slotCount()),
                new Occupancy(Math.clamp(ring.length(), 0, ring.size()), ring.size()),
                new Occupancy(wheel.pending(), config.slotCount()),
                new Occupancy(seen.size(), seen.capacity()),
                egress);
    }

    Histogram histogram(Latency stage) {
        final Histogram sum = LatencyRecorder.newHistogram();
        addHistogram(stage, sum);
        return sum;
    }

    void addHistogram(Latency stage, Histogram target) {
        for (LatencyRecorder recorder : recorders) {
            recorder.addTo(target, stage.index());
        }
    }

    void resetHistograms() {
        recorders.forEach(LatencyRecorder::reset);
    }

    void stopReceiving() {
        if (io != null) {
            io.stopReceiving();
            wakeups.ring();
        }
    }

    /** Whether nothing is published to the ring any more; after {@link #stopReceiving()}. */
    boolean isQuiet() {
        return io == null || io.isQuiet();
    }

    /**
     * Wipes keys and frees all memory; after all threads have ended.
     *
     * @param clean false if a thread failed and slots may be anywhere.
     */
    void close(boolean clean) {
        duties.forEach(Duty::free);
        epochs.close();
        changes.peers().close();
        sampler.close();
        neighbours.close();
        if (links != null) {
            links.close();
        }
        if (identity != null) {
            identity.close();
        }
        if (carrier != null) {
            carrier.close();
        }
        shuffle.close();
        arena.close();
        if (clean) {
            door.takeBackClaims();
            slab.close();
        } else {
            slab.abandon();
        }
    }

    private void ringAll() {
        wakeups.ring();
        if (links != null) {
            links.wakeups().ring();
        }
    }

    private List<Duty> shared() {
        final List<Duty> made = new ArrayList<>();
        final StageContext ioContext = newContext(true);
        final EngineAgent engine = newEngineAgent(newContext(true));
        if (carrier == null) {
            made.add(engine);
        } else {
            io = newIo(ioContext, engine);
            made.add(new SharedAgent(io, engine));
        }
        return made;
    }

    private List<Duty> split() {
        newIo();
        final List<Duty> made = new ArrayList<>();
        made.add(newEngineAgent(newContext(true)));
        return withIo(made);
    }

    private List<Duty> parallel() {
        newIo();
        final List<Duty> made = new ArrayList<>();
        final PeelWorker[] workers = new PeelWorker[config.peelWorkers()];
        for (int i = 0; i < workers.length; i++) {
            final StageContext context = newContext(false);
            workers[i] = new PeelWorker(
                    context,
                    rounds.newRound(),
                    i,
                    workers.length,
                    ring,
                    epochs,
                    newOpenStage(context, false),
                    newPeelStage(context));
            made.add(workers[i]);
        }
        final StageContext context = newContext(true);
        newWheel();
        made.add(new GateAgent(
                context,
                rounds.newRound(),
                ring.newLastPoller(PeelWorker.sequences(workers)),
                changes,
                newOpenStage(context, true),
                newRouteStage(context),
                newDelayStage(context),
                newSealStage(context)));
        return withIo(made);
    }

    private void newIo() {
        if (carrier != null) {
            io = newIo(newContext(false), ring);
        }
    }

    private IoAgent newIo(StageContext context, Ingress ingress) {
        return new IoAgent(
                context, rounds.newRound(), carrier, ingress, neighbours, links == null ? null : links.messages());
    }

    private List<Duty> withIo(List<Duty> made) {
        if (io != null) {
            made.add(io);
        }
        return made;
    }

    private EngineAgent newEngineAgent(StageContext context) {
        newWheel();
        return new EngineAgent(
                context,
                rounds.newRound(),
                ring,
                changes,
                newOpenStage(context, true),
                newPeelStage(context),
                newRouteStage(context),
                newDelayStage(context),
                newSealStage(context));
    }

    /**
     * Working parts of one thread.
     *
     * @param tells whether the thread is the one that calls the application.
     */
    private StageContext newContext(boolean tells) {
        final LatencyRecorder recorder = new LatencyRecorder(Latency.values().length);
        recorders.add(recorder);
        final SlotFields fields = new SlotFields(slab.segment());
        final PacketCompletion ends = new PacketCompletion(
                slab,
                fields,
                ledger.newWriter(),
                recorder,
                callbacks,
                tells ? null : callbacks.newNotices(),
                receipts == null ? null : receipts.forThread(clock, own, neighbours));
        return new StageContext(slab, fields, clock, callbacks, ends, config.batchLimit());
    }

    /** The one wheel of the engine; before the gate and the departures, which belong to its thread. */
    private void newWheel() {
        wheel = new DelayWheel(
                config.slotCount(),
                config.slotCount(),
                config.tick().toNanos(),
                config.maxDelay().toNanos(),
                clock.nanoTime(),
                tickOrder);
    }

    private OpenStage newOpenStage(StageContext context, boolean ownsWindows) {
        return new OpenStage(arena, context, crypto, neighbours, ownsWindows);
    }

    private PeelStage newPeelStage(StageContext context) {
        return new PeelStage(arena, context, crypto, geometry);
    }

    private RouteStage newRouteStage(StageContext context) {
        return new RouteStage(context, neighbours);
    }

    private DelayStage newDelayStage(StageContext context) {
        return new DelayStage(context, epochs.waiting(), sampler.draws(crypto, context.batchLimit()), wheel);
    }

    private SealStage newSealStage(StageContext context) {
        return new SealStage(arena, context, crypto, geometry, wheel, epochs.waiting(), neighbours);
    }
}
