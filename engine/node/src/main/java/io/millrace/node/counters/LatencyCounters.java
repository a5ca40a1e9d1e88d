package io.millrace.node.counters;

import io.millrace.relay.RelayEngine;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.LatencyRecorder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Percentiles of the stages, since the relay began and over the last second, without garbage: the histograms are made once,
 * two megabytes in all.
 *
 * <p>Threading: one thread at a time.
 */
final class LatencyCounters {
    /** Names of the stages, in the order of their counters. */
    static final List<String> NAMES =
            Arrays.stream(Latency.values()).map(Latency::label).toList();

    private static final double MEDIAN = 50;
    private static final double P99 = 99;
    private static final double P999 = 99.9;

    private final RelayEngine engine;
    private final int first;
    private final List<Histogram> before = new ArrayList<>();
    private final Histogram now = LatencyRecorder.newHistogram();
    private final Histogram last = LatencyRecorder.newHistogram();

    /**
     * Counters whose first has a place.
     *
     * @param engine asked at each reading.
     * @param first place of the first counter in the file.
     */
    LatencyCounters(RelayEngine engine, int first) {
        this.engine = engine;
        this.first = first;
        for (int i = 0; i < NAMES.size(); i++) {
            before.add(LatencyRecorder.newHistogram());
        }
    }

    /** Sets the counters of all stages. */
    void read(CountersFile file) {
        int at = first;
        int index = 0;
        for (Latency stage : Latency.values()) {
            read(file, at, stage, before.get(index++));
            at += CounterFamily.STAGE.itemCount();
        }
    }

    private void read(CountersFile file, int at, Latency stage, Histogram earlier) {
        now.reset();
        engine.addHistogram(stage, now);
        last.reset();
        if (now.getTotalCount() != earlier.getTotalCount()) {
            last.add(now);
            last.subtract(earlier);
            earlier.reset();
            earlier.add(now);
            file.set(at + CounterFamily.COUNT, now.getTotalCount());
            file.set(at + CounterFamily.P50, now.getValueAtPercentile(MEDIAN));
            file.set(at + CounterFamily.P99, now.getValueAtPercentile(P99));
            file.set(at + CounterFamily.P999, now.getValueAtPercentile(P999));
            file.set(at + CounterFamily.MAX, now.getMaxValue());
        }
        file.set(at + CounterFamily.LAST_COUNT, last.getTotalCount());
        file.set(at + CounterFamily.LAST_P50, last.getValueAtPercentile(MEDIAN));
        file.set(at + CounterFamily.LAST_P99, last.getValueAtPercentile(P99));
        file.set(at + CounterFamily.LAST_MAX, last.getMaxValue());
    }
}
