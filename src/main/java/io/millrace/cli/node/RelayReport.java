package io.millrace.cli.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.node.Node;
import io.millrace.node.NodeJournal;
import io.millrace.node.NodeReceipts;
import io.millrace.node.RelayEpochs;
import io.millrace.node.RelayNode;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.LinkReport;
import io.millrace.relay.receipts.ReceiptCounters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * Counters and latencies of one run of a relay; also their form in JSON.
 *
 * @param name of the relay.
 * @param seconds it ran.
 * @param drained whether everything left in time when it was stopped.
 * @param dropped packets by reason.
 * @param conserved whether received and originated equal forwarded, delivered, dropped and in flight.
 * @param mostDropped whether more than half of the packets received were dropped; cover that ended here is none of them.
 * @param epochs live key epochs at the end.
 * @param keyRolls how often the relay went on to another key epoch.
 * @param epochFailures steps of the key epochs on the disk that failed, each tried again.
 * @param links the handshaked links, in the order of the peers.
 * @param receipts counters of the receipts; null if none are made.
 * @param restored tags that the journal brought back at the start; null without a journal.
 * @param entropyBits uncertainty of an observer about a packet that left, over the whole run; null if unknown.
 * @param stages percentiles in nanoseconds by stage.
 */
public record RelayReport(
        String name,
        double seconds,
        String provider,
        boolean drained,
        long received,
        long originated,
        long forwarded,
        long delivered,
        Map<String, Long> dropped,
        long inFlight,
        boolean conserved,
        boolean mostDropped,
        List<Epoch> epochs,
        long keyRolls,
        long epochFailures,
        List<Link> links,
        @JsonInclude(JsonInclude.Include.NON_NULL) Receipts receipts,
        @JsonInclude(JsonInclude.Include.NON_NULL) NodeJournal.Restored restored,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double entropyBits,
        Map<String, Percentiles> stages) {
    /** Percentiles of one stage, in nanoseconds. */
    public record Percentiles(long count, long p50, long p90, long p99, long p999, long p9999, long max) {
        static Percentiles of(Histogram histogram) {
            return new Percentiles(
                    histogram.getTotalCount(),
                    histogram.getValueAtPercentile(50),
                    histogram.getValueAtPercentile(90),
                    histogram.getValueAtPercentile(99),
                    histogram.getValueAtPercentile(99.9),
                    histogram.getValueAtPercentile(99.99),
                    histogram.getMaxValue());
        }
    }

    /**
     * One key epoch.
     *
     * @param number of the epoch.
     * @param profile wire profile of its packets, {@code mr1} or {@code mr2}.
     * @param state for example {@code running}.
     * @param tags that it remembers.
     * @param capacity tags that it can remember.
     */
    public record Epoch(long number, String profile, String state, long tags, long capacity) {
        static Epoch of(EpochReport report) {
            return new Epoch(
                    report.number(),
                    report.profile().label(),
                    report.state().name().toLowerCase(Locale.ROOT),
                    report.tags(),
                    report.capacity());
        }
    }

    /**
     * One handshaked link.
     *
     * @param finished handshakes that led to a session; each after the first replaced one.
     * @param failures by reason.
     */
    public record Link(
            String peer,
            boolean up,
            boolean hybrid,
            long started,
            long finished,
            long rekeys,
            Map<String, Long> failures) {
        static Link of(LinkReport report) {
            final Map<String, Long> failures = new LinkedHashMap<>();
            report.failures().forEach((failure, count) -> failures.put(failure.label(), count));
            return new Link(
                    report.peer(),
                    report.up(),
                    report.hybrid(),
                    report.started(),
                    report.finished(),
                    report.rekeys(),
                    failures);
        }
    }

    /**
     * The receipts.
     *
     * @param appended receipts in the log.
     * @param batches that they came in.
     * @param lost receipts that are not in it, because too many waited or the log took no more.
     */
    public record Receipts(long appended, long batches, long lost) {
        static Receipts of(ReceiptCounters counters) {
            return new Receipts(counters.appended(), counters.batches(), counters.queueFull() + counters.logFull());
        }
    }

    static RelayReport of(
            String name,
            double seconds,
            String provider,
            boolean drained,
            RelayNode relay,
            OptionalDouble entropyBits) {
        final Node node = relay.node();
        final RelayEngine engine = node.engine();
        final EngineCounters counters = engine.counters();
        final Map<String, Long> dropped = new LinkedHashMap<>();
        counters.dropped().forEach((verdict, count) -> dropped.put(verdict.label(), count));
        final Map<String, Percentiles> stages = new LinkedHashMap<>();
        for (Latency stage : Latency.values()) {
            stages.put(stage.label(), Percentiles.of(engine.histogram(stage)));
        }
        return new RelayReport(
                name,
                seconds,
                provider,
                drained,
                counters.received(),
                counters.originated(),
                counters.forwarded(),
                counters.delivered(),
                dropped,
                counters.inFlight(),
                counters.conserved(),
                mostDropped(counters),
                engine.epochs().stream().map(Epoch::of).toList(),
                relay.epochs().map(RelayEpochs::rolls).orElse(0L),
                relay.epochs().map(RelayEpochs::failures).orElse(0L),
                engine.links().stream().map(Link::of).toList(),
                node.receipts().map(NodeReceipts::counters).map(Receipts::of).orElse(null),
                relay.journal().map(NodeJournal::restored).orElse(null),
                entropyBits.isPresent() ? entropyBits.getAsDouble() : null,
                stages);
    }

    /** Whether more than half of the received packets were dropped, cover apart. */
    public static boolean mostDropped(EngineCounters counters) {
        final long lost = counters.droppedTotal() - counters.dropped().getOrDefault(Verdict.COVER, 0L);
        return 2 * lost > counters.received();
    }
}
