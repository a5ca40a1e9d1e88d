package io.millrace.rig.explain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A recording made up by hand: events and packets. Times in nanoseconds. */
final class MadeUpRecording {
    /** How long peeling a batch takes in it. */
    static final long USUAL_ROUND = 100;

    final Map<Cause, List<Span>> spans = new EnumMap<>(Cause.class);
    final List<Stall> stalls = new ArrayList<>();
    final Map<String, Spans<Span>> waits = new TreeMap<>();
    final TreeMap<Long, Double> foreignLoad = new TreeMap<>();

    void during(Cause cause, long from, long to) {
        spans.computeIfAbsent(cause, missing -> new ArrayList<>()).add(new Span(from, to));
    }

    RecordingContext background() {
        final Map<Cause, Spans<Span>> ordered = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            ordered.put(cause, Spans.of(spans.getOrDefault(cause, List.of())));
        }
        final Histogram peel = new Histogram(3);
        peel.recordValue(USUAL_ROUND);
        return new RecordingContext(
                ordered, new Spans<>(stalls, Stall::span), waits, peel, new Histogram(3), foreignLoad, Map.of());
    }

    /** Explains packets that are all of the recording; the first left before all others, the last after. */
    Explanation explaining(List<SampledPacket> packets) {
        final Histogram latencies = latencies(packets);
        final BacklogRuns runs = new BacklogRuns(
                latencies,
                new Span(packets.getFirst().leftNs(), packets.getLast().leftNs()));
        packets.forEach(packet -> runs.add(packet.leftNs(), packet.relayNs()));
        return new Explanation(background(), runs, latencies.getValueAtPercentile(50));
    }

    static Histogram latencies(List<SampledPacket> packets) {
        final Histogram latencies = new Histogram(3);
        packets.forEach(packet -> latencies.recordValue(packet.relayNs()));
        return latencies;
    }
}
