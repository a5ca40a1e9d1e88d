package io.millrace.relay;

import io.millrace.carrier.Carrier;
import io.millrace.config.EngineConfig;
import io.millrace.config.IdleMode;
import io.millrace.link.Link;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkListener;
import io.millrace.memory.Slab;
import io.millrace.memory.TrackedArena;
import io.millrace.metrics.Ledger;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.live.Changes;
import io.millrace.relay.live.EnginePeers;
import io.millrace.relay.live.EpochRoller;
import io.millrace.relay.live.EpochTable;
import io.millrace.relay.live.LinkAgent;
import io.millrace.relay.live.LinkAssembly;
import io.millrace.relay.live.LinkSettings;
import io.millrace.relay.live.LiveEpochs;
import io.millrace.relay.live.Neighbour;
import io.millrace.relay.live.PeerChanges;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.LatencyRecorder;
import io.millrace.relay.peer.LinkReport;
import io.millrace.relay.queue.Ring;
import io.millrace.relay.stage.Callbacks;
import io.millrace.relay.stage.CounterIndex;
import io.millrace.relay.stage.TickShuffle;
import io.millrace.relay.thread.Duty;
import io.millrace.relay.thread.EngineIdleStrategy;
import io.millrace.relay.thread.QuiescentStateTracker;
import io.millrace.relay.thread.Wakeups;
import io.millrace.vrf.DelaySampler;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** The parts of one engine that live as long as it: put together here, and their memory freed. */
final class EngineAssembly {
    /** Longest sleep of a thread that polls a carrier which cannot wait: no call wakes it when a frame arrives. */
    private static final long LOOKING_SLEEP_NS = 10_000_000;

    final EngineConfig config;
    final NanoClock clock;
    final Callbacks callbacks;
    final Carrier carrier; // null: none
    final DelaySampler sampler;
    final TrackedArena arena;
    final Ledger ledger = new Ledger(CounterIndex.COUNT);
    final Slab slab;
    final Ring ring;
    final EpochTable epochs;
    final EnginePeers neighbours;
    final QuiescentStateTracker rounds = new QuiescentStateTracker(this::wakeAll);
    final LinkAssembly links; // null: none is handshaked
    final Changes changes;
    private final long longestSleepNs;
    private final List<Duty> duties;
    private final LocalIngress door;
    private final Wakeups wakeups = new Wakeups();
    private final LinkIdentity identity;
    private final TickShuffle shuffle;
    private final StageAssembly stages;
    private final EpochRoller roller; // null: the application rolls

    EngineAssembly(RelayEngineBuilder builder) {
        config = builder.config;
        clock = builder.clock;
        callbacks = new Callbacks(builder.listener, clock);
        carrier = builder.carrier;
        sampler = builder.sampler;
        longestSleepNs = builder.longestSleepNs;
        // Refusals first, before any allocation.
        neighbours = new EnginePeers(builder.peers, builder.peerPlaces(), config.egressLimit());
        ring = new Ring(config.ringSize());
        epochs =
                new EpochTable(carrier, sampler.policy(), rounds, ring, neighbours, builder.geometry, builder.keyEpoch);

        arena = TrackedArena.shared();
        slab = new Slab(config.slotCount(), builder.geometry.packetLength());
        identity = builder.identity;
        links = LinkAssembly.of(linkSettings(builder), neighbours, rounds, arena);
        shuffle = new TickShuffle(arena, builder.linkRandomness);
        changes = new Changes(epochs, new PeerChanges(carrier, links, neighbours, rounds, ring, epochs.waiting()));
        door = new LocalIngress(slab, ring, clock, builder.geometry.packetLength(), neighbours, wakeups);
        stages = new StageAssembly(this, builder, builder.tickOrder == null ? shuffle : builder.tickOrder);
        final List<Duty> made = stages.newDuties();
        if (links != null) {
            made.add(links.agent());
        }
        roller = builder.epochs == null ? null : new EpochRoller(epochs, builder.epochs.plan(), clock);
        if (roller != null) {
            made.add(roller);
        }
        duties = List.copyOf(made);
    }

    private LinkSettings linkSettings(RelayEngineBuilder builder) {
        final LinkListener receipts = builder.receipts == null ? LinkListener.NONE : builder.receipts.sessions();
        return new LinkSettings(
                builder.identity,
                builder.carrier,
                builder.linkTiming,
                builder.linkRandomness,
                builder.clock,
                builder.wallClock,
                receipts.andThen(callbacks::onTransition),
                () -> ledger.read()[CounterIndex.SLOTS_TAKEN]);
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

    /** Rolls the epochs; null if the application does. */
    EpochRoller roller() {
        return roller;
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
                new Occupancy(stages.wheel().pending(), config.slotCount()),
                new Occupancy(seen.size(), seen.capacity()),
                egress);
    }

    Histogram histogram(Latency stage) {
        final Histogram sum = LatencyRecorder.newHistogram();
        addHistogram(stage, sum);
        return sum;
    }

    void addHistogram(Latency stage, Histogram target) {
        for (LatencyRecorder recorder : stages.recorders()) {
            recorder.addTo(target, stage.index());
        }
    }

    void resetHistograms() {
        stages.recorders().forEach(LatencyRecorder::reset);
    }

    void stopReceiving() {
        if (stages.io() != null) {
            stages.io().stopReceiving();
            wakeups.ring();
        }
    }

    /** Whether nothing is published to the ring any more; after {@link #stopReceiving()}. */
    boolean isQuiet() {
        return stages.io() == null || stages.io().isQuiet();
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

    private void wakeAll() {
        wakeups.ring();
        if (links != null) {
            links.wakeups().ring();
        }
    }
}
