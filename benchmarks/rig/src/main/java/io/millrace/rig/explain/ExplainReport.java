package io.millrace.rig.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Why the slowest packets of a recording were slow; also its form in JSON. Times are in nanoseconds.
 *
 * @param packets sampled packets that were looked at.
 * @param latencyNs their time in the relay without the intended delay.
 * @param percentile beyond which a packet is an outlier: less than asked for in a short recording.
 * @param outliers how many took longer than that.
 * @param causes of the outliers' lateness, the time of each beyond the median packet's; the largest first.
 * @param slowestStages outliers by the stage that took longest.
 * @param batchPackets size of the batches that were sampled.
 * @param drops packets dropped while it recorded, by reason.
 * @param events how many times each cause was under way in the recording, whether it made a packet late or not.
 */
public record ExplainReport(
        long packets,
        Map<String, Long> latencyNs,
        double percentile,
        int outliers,
        List<Share> causes,
        Map<String, Long> slowestStages,
        Map<String, Long> batchPackets,
        Map<String, Long> drops,
        Map<String, Integer> events) {
    private static final double THOUSAND = 1_000;

    /**
     * The part of one cause.
     *
     * @param cause label of a {@link Cause}.
     * @param share of the lateness of all outliers, 0 to 1.
     * @param outliers for which it is the largest cause.
     * @param totalNs lateness that it accounts for in all outliers together.
     * @param backlogNs what of that came after it, from the backlog that it left.
     */
    public record Share(String cause, double share, int outliers, long totalNs, long backlogNs) {}

    static ExplainReport of(
            Histogram latencies,
            double percentile,
            List<SampledPacket> slow,
            BacklogRuns runs,
            RecordingContext background) {
        final Explanation explanation = new Explanation(background, runs, latencies.getValueAtPercentile(50));
        final Map<Cause, Integer> counts = new EnumMap<>(Cause.class);
        final Map<Cause, Long> totals = new EnumMap<>(Cause.class);
        final Map<Cause, Long> backlogs = new EnumMap<>(Cause.class);
        final Map<String, Long> stages = new TreeMap<>();
        for (SampledPacket packet : slow) {
            final Attribution blame = explanation.of(packet);
            Cause most = Cause.UNEXPLAINED;
            for (Cause cause : Cause.values()) {
                totals.merge(cause, blame.of(cause), Long::sum);
                backlogs.merge(cause, blame.after().get(cause), Long::sum);
                most = blame.of(cause) > blame.of(most) ? cause : most;
            }
            counts.merge(most, 1, Integer::sum);
            stages.merge(packet.slowestStage(), 1L, Long::sum);
        }
        return new ExplainReport(
                latencies.getTotalCount(),
                percentiles(latencies),
                percentile,
                slow.size(),
                shares(counts, totals, backlogs),
                stages,
                Map.of(
                        "p50", background.batch().getValueAtPercentile(50),
                        "max", background.batch().getMaxValue()),
                background.drops(),
                events(background));
    }

    private static List<Share> shares(Map<Cause, Integer> counts, Map<Cause, Long> totals, Map<Cause, Long> backlogs) {
        final long all = totals.values().stream().mapToLong(Long::longValue).sum();
        final List<Share> shares = new ArrayList<>();
        totals.forEach((cause, totalNs) -> {
            if (totalNs > 0) {
                shares.add(new Share(
                        cause.label(),
                        round((double) totalNs / all),
                        counts.getOrDefault(cause, 0),
                        totalNs,
                        backlogs.get(cause)));
            }
        });
        shares.sort(Comparator.comparingLong(Share::totalNs).reversed());
        return shares;
    }

    private static Map<String, Integer> events(RecordingContext background) {
        final Map<String, Integer> events = new LinkedHashMap<>();
        background.spans().forEach((cause, spans) -> {
            if (cause != Cause.UNEXPLAINED && cause != Cause.WHEEL_LAG) {
                events.put(cause == Cause.SCHEDULING ? "hiccup" : cause.label(), spans.count());
            }
        });
        events.put("stall", background.stalls().count());
        return events;
    }

    private static Map<String, Long> percentiles(Histogram histogram) {
        final Map<String, Long> values = new LinkedHashMap<>();
        values.put("p50", histogram.getValueAtPercentile(50));
        values.put("p99", histogram.getValueAtPercentile(99));
        values.put("p999", histogram.getValueAtPercentile(99.9));
        values.put("max", histogram.getMaxValue());
        return values;
    }

    private static double round(double share) {
        return Math.round(share * THOUSAND) / THOUSAND;
    }
}
