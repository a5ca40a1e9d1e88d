package io.millrace.node.counters;

import io.millrace.relay.EngineCounters;
import io.millrace.relay.EngineOccupancy;
import io.millrace.relay.Occupancy;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochState;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.LinkReport;
import io.millrace.relay.receipts.ReceiptCounters;
import io.millrace.sphinx.SphinxProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The counters of one relay: their keys, and how their values are read from the engine.
 *
 * <p>Threading: one thread at a time.
 */
final class RelayCounters {
    static final String RECEIVED = "received";
    static final String ORIGINATED = "originated";
    static final String IN_FLIGHT = "in-flight";
    static final String KEY_EPOCH = "key-epoch";
    static final String LIVE_EPOCHS = "live-epochs";
    static final String EPOCH_FAILURES = "epoch-failures";
    static final String RECEIPTS = "receipts-appended";
    static final String RECEIPTS_LOST = "receipts-lost";
    static final String ENTROPY = "entropy-millibits";
    static final String PROFILE = "sphinx-profile";

    private static final List<String> LEVELS = List.of("slots", "ring", "wheel", "replay-tags");
    private static final List<String> FIGURES =
            List.of(KEY_EPOCH, LIVE_EPOCHS, EPOCH_FAILURES, RECEIPTS, RECEIPTS_LOST, ENTROPY, PROFILE);
    private static final long UNKNOWN = -1;
    private static final double MILLIBITS = 1_000;
    private static final double NS_PER_S = 1e9;

    private final MirrorSource source;
    private final List<CounterKey> keys = new ArrayList<>();
    private final int flows; // place of the first counter of each family
    private final int levels;
    private final int queues;
    private final int links;
    private final int figures;
    private final LatencyCounters stages;
    private final long[] counts; // by flow: verdicts, received, originated, in flight
    private final long[] before; // the same, when the last second began

    RelayCounters(MirrorSource source) {
        this.source = source;
        final List<String> names = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            names.add(verdict.label());
        }
        names.addAll(List.of(RECEIVED, ORIGINATED, IN_FLIGHT));
        counts = new long[names.size()];
        before = new long[names.size()];
        flows = add(CounterFamily.PACKETS, names);
        levels = add(CounterFamily.OCCUPANCY, LEVELS);
        queues = add(CounterFamily.QUEUE, source.peers());
        links = add(CounterFamily.LINK, source.peers());
        figures = add(CounterFamily.RELAY, FIGURES);
        stages = new LatencyCounters(source.engine(), add(CounterFamily.STAGE, LatencyCounters.NAMES));
    }

    /** Keys of the counters, in the order of the file. */
    List<CounterKey> keys() {
        return keys;
    }

    /** Reads all counters but those of the last second and of the stages. */
    void read(CountersFile file) {
        final RelayEngine engine = source.engine();
        readFlows(engine.counters());
        for (int i = 0; i < counts.length; i++) {
            file.set(flows + i * CounterFamily.PACKETS.itemCount() + CounterFamily.TOTAL, counts[i]);
        }
        final EngineOccupancy now = engine.occupancy();
        level(file, levels, 0, now.slots());
        level(file, levels, 1, now.ring());
        level(file, levels, 2, now.wheel());
        level(file, levels, 3, now.replayTags());
        readLinks(file, engine, now.egress());
        readFigures(file, engine);
    }

    /**
     * Reads the counters of the last second and of the stages.
     *
     * @param windowNs that have passed since this was called last, in nanoseconds; positive.
     */
    void readWindow(CountersFile file, long windowNs) {
        for (int i = 0; i < counts.length; i++) {
            file.set(
                    flows + i * CounterFamily.PACKETS.itemCount() + CounterFamily.PER_SECOND,
                    Math.round((counts[i] - before[i]) * NS_PER_S / windowNs));
            before[i] = counts[i];
        }
        stages.read(file);
    }

    private void readFlows(EngineCounters now) {
        for (Verdict verdict : Verdict.values()) {
            counts[verdict.code()] = switch (verdict) {
                case FORWARDED -> now.forwarded();
                case DELIVERED -> now.delivered();
                default -> now.dropped().getOrDefault(verdict, 0L);
            };
        }
        final int next = Verdict.values().length;
        counts[next] = now.received();
        counts[next + 1] = now.originated();
        counts[next + 2] = now.inFlight();
    }

    private void readLinks(CountersFile file, RelayEngine engine, List<Occupancy> egress) {
        final List<LinkReport> reports = engine.links();
        int next = 0; // reports have the order of the peers; peers without handshakes have none
        for (int peer = 0; peer < source.peers().size(); peer++) {
            level(file, queues, peer, egress.get(peer));
            final int at = links + peer * CounterFamily.LINK.itemCount();
            file.set(at + CounterFamily.UP, engine.isLinkUp(peer) ? 1 : 0);
            if (next < reports.size()
                    && reports.get(next).peer().equals(source.peers().get(peer))) {
                final LinkReport link = reports.get(next++);
                file.set(at + CounterFamily.HYBRID, link.hybrid() ? 1 : 0);
                file.set(at + CounterFamily.STARTED, link.started());
                file.set(at + CounterFamily.FINISHED, link.finished());
                file.set(at + CounterFamily.REKEYS, link.rekeys());
                file.set(
                        at + CounterFamily.FAILURES,
                        link.failures().values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
            } else {
                file.set(at + CounterFamily.HYBRID, UNKNOWN);
            }
        }
    }

    private void readFigures(CountersFile file, RelayEngine engine) {
        final List<EpochReport> epochs = engine.epochs();
        long running = UNKNOWN;
        long profile = UNKNOWN;
        for (EpochReport epoch : epochs) {
            if (epoch.state() == EpochState.RUNNING) {
                running = epoch.number();
                profile = epoch.profile() == SphinxProfile.MR1 ? 1 : 2;
            }
        }
        file.set(figures + FIGURES.indexOf(KEY_EPOCH), running);
        file.set(figures + FIGURES.indexOf(LIVE_EPOCHS), epochs.size());
        file.set(figures + FIGURES.indexOf(PROFILE), profile);
        file.set(
                figures + FIGURES.indexOf(EPOCH_FAILURES),
                source.epochFailures().getAsLong());
        final Optional<ReceiptCounters> receipts = source.receipts().get();
        file.set(
                figures + FIGURES.indexOf(RECEIPTS),
                receipts.map(ReceiptCounters::appended).orElse(UNKNOWN));
        file.set(
                figures + FIGURES.indexOf(RECEIPTS_LOST),
                receipts.map(each -> each.queueFull() + each.logFull()).orElse(UNKNOWN));
        final OptionalDouble bits = source.entropyBits().get();
        file.set(
                figures + FIGURES.indexOf(ENTROPY),
                bits.isPresent() ? Math.round(bits.getAsDouble() * MILLIBITS) : UNKNOWN);
    }

    private static void level(CountersFile file, int family, int member, Occupancy now) {
        final int at = family + member * CounterFamily.OCCUPANCY.itemCount();
        file.set(at + CounterFamily.USED, now.used());
        file.set(at + CounterFamily.CAPACITY, now.capacity());
    }

    /** Adds all items of these members; the place of the first. */
    private int add(CounterFamily family, List<String> names) {
        final int first = keys.size();
        for (int index = 0; index < names.size(); index++) {
            for (int item = 0; item < family.itemCount(); item++) {
                keys.add(new CounterKey(family, index, item, names.get(index)));
            }
        }
        return first;
    }
}
