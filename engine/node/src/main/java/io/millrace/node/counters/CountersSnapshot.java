package io.millrace.node.counters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The counters of a relay at one instant, as its file has them. All of it comes from the file: any text and any number.
 *
 * @param relay name of the relay.
 * @param program version of the program.
 * @param pid of the process.
 * @param processStartMs when the process began, as the system says it, in milliseconds since 1970; 0 if unknown.
 * @param startMs when the relay began, in milliseconds since 1970.
 * @param heartbeatMs when the counters were copied last, in milliseconds since 1970.
 * @param state in which the relay was then.
 * @param sequence number of copies so far.
 * @param packets by {@code received}, {@code originated}, {@code in-flight} and the labels of the verdicts.
 * @param occupancy of every bounded part.
 * @param queues by peer.
 * @param links by peer.
 * @param stages by label.
 * @param figures of the whole relay.
 */
public record CountersSnapshot(
        String relay,
        String program,
        long pid,
        long processStartMs,
        long startMs,
        long heartbeatMs,
        RelayState state,
        long sequence,
        Map<String, Flow> packets,
        Map<String, Level> occupancy,
        Map<String, Level> queues,
        Map<String, Link> links,
        Map<String, StageTimes> stages,
        Map<String, Long> figures) {
    /** Number of the running key epoch. */
    public static final String KEY_EPOCH = RelayCounters.KEY_EPOCH;

    /** Receipts in the log. */
    public static final String RECEIPTS = RelayCounters.RECEIPTS;

    /** Receipts that are not in the log. */
    public static final String RECEIPTS_LOST = RelayCounters.RECEIPTS_LOST;

    /** Steps of the key epochs on the disk that failed. */
    public static final String EPOCH_FAILURES = RelayCounters.EPOCH_FAILURES;

    /** Uncertainty of an observer, in thousandths of a bit. */
    public static final String ENTROPY = RelayCounters.ENTROPY;

    /** Packets by which nothing was lost. */
    private static final List<String> NO_DROPS = List.of(
            RelayCounters.RECEIVED,
            RelayCounters.ORIGINATED,
            RelayCounters.IN_FLIGHT,
            "forwarded",
            "delivered",
            "pending");

    private static final Flow NONE = new Flow(0, 0);

    /**
     * A flow of packets.
     *
     * @param total since the relay began; of packets in flight, those that are there.
     * @param perSecond over the last second.
     */
    public record Flow(long total, long perSecond) {}

    /**
     * How full something bounded is.
     *
     * @param used of it.
     * @param capacity of it.
     */
    public record Level(long used, long capacity) {}

    /**
     * A link to a peer.
     *
     * @param up whether packets can be sent.
     * @param handshaked whether it has handshakes; the next five figures mean something only then.
     * @param hybrid whether the keys come from X25519 and ML-KEM-768.
     * @param started handshakes begun or answered.
     * @param finished handshakes that led to a session.
     * @param rekeys keys made from the key before.
     * @param failures of all reasons.
     */
    public record Link(
            boolean up, boolean handshaked, boolean hybrid, long started, long finished, long rekeys, long failures) {}

    /**
     * Time of packets in a part of the relay, in nanoseconds.
     *
     * @param count packets since the relay began.
     * @param p50 median since then.
     * @param p99 percentile since then.
     * @param p999 percentile since then.
     * @param max since then.
     * @param last over the last second.
     */
    public record StageTimes(long count, long p50, long p99, long p999, long max, LastSecond last) {}

    /**
     * Times over the last second, in nanoseconds.
     *
     * @param count packets.
     * @param p50 median.
     * @param p99 percentile.
     * @param max largest.
     */
    public record LastSecond(long count, long p50, long p99, long max) {}

    /**
     * A flow by its name.
     *
     * @param name of a counter, such as {@code forwarded} or the label of a drop.
     * @return zero if the file has none of that name.
     */
    public Flow flow(String name) {
        return packets.getOrDefault(name, NONE);
    }

    /** Packets that the relay dropped, all reasons together. */
    public Flow dropped() {
        long total = 0;
        long perSecond = 0;
        for (Flow drop : drops().values()) {
            total += drop.total();
            perSecond += drop.perSecond();
        }
        return new Flow(total, perSecond);
    }

    /** Packets that the relay dropped, by reason; without reasons that did not occur. */
    public Map<String, Flow> drops() {
        final Map<String, Flow> drops = new LinkedHashMap<>();
        packets.forEach((name, flow) -> {
            if (!NO_DROPS.contains(name) && flow.total() != 0) {
                drops.put(name, flow);
            }
        });
        return drops;
    }

    /** The conservation law: {@code received + originated = forwarded + delivered + dropped + in flight}. */
    public boolean conserved() {
        return flow(RelayCounters.RECEIVED).total()
                        + flow(RelayCounters.ORIGINATED).total()
                == flow("forwarded").total()
                        + flow("delivered").total()
                        + dropped().total()
                        + flow(RelayCounters.IN_FLIGHT).total();
    }
}
