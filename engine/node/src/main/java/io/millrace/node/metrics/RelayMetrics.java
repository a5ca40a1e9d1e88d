package io.millrace.node.metrics;

import io.millrace.link.LinkFailure;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.EngineOccupancy;
import io.millrace.relay.Occupancy;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochState;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.LinkReport;
import io.millrace.relay.receipts.ReceiptCounters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The figures of one relay. Every series that can be is there from the first scrape on, at zero, so that a rate over it
 * misses nothing.
 *
 * <p>Threading: any; scrapes take turns.
 */
public final class RelayMetrics implements MultiCollector {
    private static final double NS_PER_S = 1e9;

    private final Labels build;
    private final RelayEngine engine;
    private final List<String> peers;
    private final Supplier<Optional<ReceiptCounters>> receipts;
    private final Supplier<OptionalDouble> entropyBits;
    private final LongSupplier epochFailures;
    private final long startNs = System.nanoTime();

    /**
     * Joins the sources of a scrape.
     *
     * @param build version, as labels.
     * @param engine asked while it runs and after.
     * @param peers their names, in the engine's order.
     * @param receipts their counters, if receipts are made.
     * @param entropyBits uncertainty of an observer about a packet that leaves, in bits, if it is known.
     * @param epochFailures steps of the key epochs on the disk that failed so far.
     */
    public RelayMetrics(
            Labels build,
            RelayEngine engine,
            List<String> peers,
            Supplier<Optional<ReceiptCounters>> receipts,
            Supplier<OptionalDouble> entropyBits,
            LongSupplier epochFailures) {
        this.build = build;
        this.engine = engine;
        this.peers = List.copyOf(peers);
        this.receipts = receipts;
        this.entropyBits = entropyBits;
        this.epochFailures = epochFailures;
    }

    @Override
    public synchronized MetricSnapshots collect() {
        final MetricSnapshots.Builder all = MetricSnapshots.builder();
        all.metricSnapshot(InfoSnapshot.builder()
                .name("millrace_build")
                .help("What runs.")
                .dataPoint(InfoDataPointSnapshot.builder().labels(build).build())
                .build());
        new Family("millrace_uptime_seconds", "Time since the relay began.")
                .add((System.nanoTime() - startNs) / NS_PER_S)
                .gauge(all);
        packets(all);
        stages(all);
        occupancy(all);
        epochs(all);
        links(all);
        entropyBits
                .get()
                .ifPresent(bits -> new Family(
                                "millrace_mix_entropy_bits",
                                "Uncertainty of an observer of all links about which packet one that leaves was, at"
                                        + " the present load.")
                        .add(bits)
                        .gauge(all));
        receipts.get().ifPresent(counters -> receipts(all, counters));
        return all.build();
    }

    private void packets(MetricSnapshots.Builder all) {
        final EngineCounters counters = engine.counters();
        new Family("millrace_packets_received", "Frames and packets that came in, whatever became of them.")
                .add(counters.received())
                .counter(all);
        new Family("millrace_packets_originated", "Packets that were wrapped here.")
                .add(counters.originated())
                .counter(all);
        final Family ended = new Family(
                "millrace_packets", "Packets by what became of them: forwarded, delivered, or why they were dropped.");
        for (Verdict verdict : Verdict.values()) {
            if (verdict != Verdict.PENDING) {
                ended.add(count(counters, verdict), "verdict", verdict.label());
            }
        }
        ended.counter(all);
    }

    private static long count(EngineCounters counters, Verdict verdict) {
        return switch (verdict) {
            case FORWARDED -> counters.forwarded();
            case DELIVERED -> counters.delivered();
            default -> counters.dropped().getOrDefault(verdict, 0L);
        };
    }

    private void stages(MetricSnapshots.Builder all) {
        final HistogramSnapshot.Builder stages = HistogramSnapshot.builder()
                .name("millrace_stage_seconds")
                .help("Time of a packet in each part of the relay; relay is all of it without the intended delay.");
        for (Latency stage : Latency.values()) {
            stages.dataPoint(LatencyHistogram.of(engine.histogram(stage), Labels.of("stage", stage.label())));
        }
        all.metricSnapshot(stages.build());
    }

    private void occupancy(MetricSnapshots.Builder all) {
        final EngineOccupancy now = engine.occupancy();
        bounded(all, "millrace_slab_slots", "Slots of the slab, a packet each", now.slots());
        bounded(all, "millrace_wheel_packets", "Packets that wait for their time", now.wheel());
        bounded(all, "millrace_ring_events", "Events that wait for an engine thread", now.ring());
        bounded(all, "millrace_replay_tags", "Replay tags of the key epoch", now.replayTags());
        final Family queued =
                new Family("millrace_peer_queue_packets", "Sealed packets that wait for the carrier, by peer.");
        final Family room = new Family("millrace_peer_queue_packets_limit", "Most packets that can wait for a peer.");
        for (int peer = 0; peer < peers.size(); peer++) {
            queued.add(now.egress().get(peer).used(), "peer", peers.get(peer));
            room.add(now.egress().get(peer).capacity(), "peer", peers.get(peer));
        }
        queued.gauge(all);
        room.gauge(all);
    }

    /** The label is the distance from the running epoch, so that the series stay the same over all rolls. */
    private void epochs(MetricSnapshots.Builder all) {
        final List<EpochReport> epochs = engine.epochs();
        final long running = epochs.stream()
                .filter(each -> each.state() == EpochState.RUNNING)
                .mapToLong(EpochReport::number)
                .findFirst()
                .orElse(0);
        new Family("millrace_key_epoch", "Number of the running key epoch.")
                .add(running)
                .gauge(all);
        new Family(
                        "millrace_key_epoch_failures",
                        "Steps of the key epochs on the disk that failed; each is tried again.")
                .add(epochFailures.getAsLong())
                .counter(all);
        final Family tags = new Family(
                "millrace_epoch_replay_tags", "Replay tags of a live key epoch, by its distance from the running one.");
        final Family limit =
                new Family("millrace_epoch_replay_tags_limit", "Replay tags that a live key epoch can remember.");
        final Family waiting = new Family(
                "millrace_epoch_waiting_packets", "Packets that wait for the delay which a live key epoch gave them.");
        final Family profile = new Family(
                "millrace_epoch_profile", "1 for the wire profile of a live key epoch's packets, mr1 or mr2.");
        for (EpochReport epoch : epochs) {
            final long distance = epoch.number() - running;
            final String label = distance > 0 ? "+" + distance : Long.toString(distance);
            tags.add(epoch.tags(), "epoch", label);
            limit.add(epoch.capacity(), "epoch", label);
            waiting.add((long) epoch.waiting(), "epoch", label);
            profile.add(1L, "epoch", label, "profile", epoch.profile().label());
        }
        for (Family family : List.of(tags, limit, waiting, profile)) {
            family.gauge(all);
        }
    }

    private static void bounded(MetricSnapshots.Builder all, String name, String what, Occupancy now) {
        new Family(name, what + ", in use.").add(now.used()).gauge(all);
        new Family(name + "_limit", what + ", at most.").add(now.capacity()).gauge(all);
    }

    private void links(MetricSnapshots.Builder all) {
        final Family up = new Family("millrace_link_up", "Whether packets can be sent to a peer: 1 or 0.");
        for (int peer = 0; peer < peers.size(); peer++) {
            up.add(engine.isLinkUp(peer) ? 1 : 0, "peer", peers.get(peer));
        }
        up.gauge(all);
        final Family hybrid = new Family(
                "millrace_link_hybrid",
                "Whether the keys of the session established last come from X25519 and ML-KEM-768: 1 or 0.");
        final Family started = new Family("millrace_link_handshakes_started", "Handshakes begun or answered.");
        final Family finished = new Family("millrace_link_handshakes_finished", "Handshakes that led to a session.");
        final Family rekeys = new Family("millrace_link_rekeys", "Keys made from the key before.");
        final Family failures = new Family("millrace_link_failures", "Failed handshakes, by reason.");
        final List<LinkReport> reports = engine.links();
        for (LinkReport link : reports) {
            hybrid.add(link.hybrid() ? 1 : 0, "peer", link.peer());
            started.add(link.started(), "peer", link.peer());
            finished.add(link.finished(), "peer", link.peer());
            rekeys.add(link.rekeys(), "peer", link.peer());
            for (LinkFailure why : LinkFailure.values()) {
                failures.add(link.failures().getOrDefault(why, 0L), "peer", link.peer(), "reason", why.label());
            }
        }
        hybrid.gauge(all);
        for (Family family : List.of(started, finished, rekeys, failures)) {
            family.counter(all);
        }
    }

    private static void receipts(MetricSnapshots.Builder all, ReceiptCounters counters) {
        new Family("millrace_receipts_appended", "Receipts in the log.")
                .add(counters.appended())
                .counter(all);
        new Family("millrace_receipts_batches", "Batches that they came in.")
                .add(counters.batches())
                .counter(all);
        new Family("millrace_receipts_lost", "Receipts that are not in the log, by reason.")
                .add(counters.queueFull(), "reason", "queue-full")
                .add(counters.logFull(), "reason", "log-full")
                .counter(all);
    }
}
