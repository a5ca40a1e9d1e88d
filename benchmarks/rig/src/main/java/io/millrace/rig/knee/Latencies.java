package io.millrace.rig.knee;

import java.util.function.IntToLongFunction;
import org.HdrHistogram.Histogram;

/** Histograms of a load's latencies. */
final class Latencies {
    private static final long MAX_NS = 60_000_000_000L;

    private Latencies() {}

    /**
     * From when each packet was due until it came back, without the delay that it was to be given.
     *
     * @param delayNs of packet {@code number}.
     */
    static Histogram of(Load load, IntToLongFunction delayNs) {
        final Histogram histogram = new Histogram(1, MAX_NS, 3);
        for (int index = 0; index < load.sent(); index++) {
            if (load.isBack(index)) {
                // A packet that came back too early counts as 0 here; the judgement of the delays counts it as early.
                final long latency = load.latencyNs(index, delayNs.applyAsLong(load.first() + index));
                histogram.recordValue(Math.clamp(latency, 0, MAX_NS));
            }
        }
        return histogram;
    }
}
