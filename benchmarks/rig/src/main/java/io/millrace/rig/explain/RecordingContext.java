package io.millrace.rig.explain;

import java.util.Map;
import java.util.NavigableMap;
import org.HdrHistogram.Histogram;

/**
 * The events of a recording other than packets.
 *
 * @param spans when something of a cause was under way; of SCHEDULING, the hiccups of a thread that had nothing to do.
 * @param stalls of the relay's threads.
 * @param waits of each thread, by its name, that it chose itself.
 * @param peelNs how long peeling a batch takes.
 * @param batch packets of a batch.
 * @param foreignLoad when each second of the recording ended, and which share of the busy processors was then busy with
 *     other processes.
 * @param drops packets that were dropped, by reason.
 */
record RecordingContext(
        Map<Cause, Spans<Span>> spans,
        Spans<Stall> stalls,
        Map<String, Spans<Span>> waits,
        Histogram peelNs,
        Histogram batch,
        NavigableMap<Long, Double> foreignLoad,
        Map<String, Long> drops) {
    /** The share of other processes in what kept the processors busy at {@code ns}, 0 to 1; 0 if it is not known. */
    double foreignLoadAt(long ns) {
        final Map.Entry<Long, Double> next = foreignLoad.ceilingEntry(ns);
        final Map.Entry<Long, Double> nearest = next == null ? foreignLoad.floorEntry(ns) : next;
        return nearest == null ? 0 : nearest.getValue();
    }
}
