package io.millrace.cli.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.LinkReport;
import io.millrace.relay.ReceiptCounters;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * What a relay did, in numbers; also its form in JSON.
 *
 * @param name of the relay.
 * @param seconds it ran.
 * @param drained whether everything left in time when it was stopped.
 * @param dropped packets by reason.
 * @param conserved whether received and originated equal forwarded, delivered, dropped and in flight.
 * @param links the handshaked links, in the order of the peers.
 * @param receipts what became of the receipts; null if none are made.
 * @param restored what the journal brought back at the start; null if there is none.
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
     * One handshaked link.
     *
     * @param finished handshakes that led to a session; each after the first replaced one.
     * @param failures by reason.
     */
    public record Link(String peer, boolean up, long started, long finished, long rekeys, Map<String, Long> failures) {
        static Link of(LinkReport report) {
            final Map<String, Long> failures = new LinkedHashMap<>();
            report.failures().forEach((failure, count) -> failures.put(failure.label(), count));
            return new Link(report.peer(), report.up(), report.started(), report.finished(), report.rekeys(), failures);
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
            String name, double seconds, String provider, boolean drained, Node node, OptionalDouble entropyBits) {
        final RelayEngine engine = node.engine();
        final EngineCounters counters = engine.counters();
        final Map<String, Long> dropped = new LinkedHashMap<>();
        counters.dropped().forEach((verdict, count) -> dropped.put(verdict.label(), count));
        final Map<String, Percentiles> stages = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
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
                engine.links().stream().map(Link::of).toList(),
                node.receipts().map(NodeReceipts::counters).map(Receipts::of).orElse(null),
                node.journal().map(NodeJournal::restored).orElse(null),
                entropyBits.isPresent() ? entropyBits.getAsDouble() : null,
                stages);
    }
}
