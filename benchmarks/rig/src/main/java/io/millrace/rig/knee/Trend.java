package io.millrace.rig.knee;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * Growth of the latency within an interval: of a relay that takes less than it is given, the queue grows until it overflows,
 * maybe after the interval. The interval is cut into {@value #SLICES} slices by when packets were due. The slope through their
 * medians is Theil and Sen's, the median of the slopes of all pairs: a stall in a quarter of the slices does not move it.
 *
 * @param growthNs by how much the median latency grew over the whole interval, by that slope.
 * @param medianNs median of the slices' medians.
 * @param noiseNs median distance of the slices' medians from the line of that slope.
 */
record Trend(long growthNs, long medianNs, long noiseNs) {
    private static final int SLICES = 20;
    private static final int SLICES_LEAST = 8;
    private static final int PACKETS_EACH = 50;
    private static final int NOISE = 4;
    private static final long GROWTH_MAX_NS = 1_000_000;
    private static final double GROWTH_SHARE = 0.5;

    /**
     * Looks at an interval.
     *
     * @param delayNs of packet {@code number}.
     */
    static Trend of(Load load, IntToLongFunction delayNs) {
        final long[] latencies = new long[load.sent()];
        int count = 0;
        for (int index = 0; index < load.sent(); index++) {
            if (load.isBack(index)) {
                latencies[count++] = load.latencyNs(index, delayNs.applyAsLong(load.first() + index));
            }
        }
        return of(Arrays.copyOf(latencies, count));
    }

    /** Looks at latencies in nanoseconds, in the order in which packets were due. */
    static Trend of(long[] latenciesNs) {
        final int slices = Math.min(SLICES, latenciesNs.length / PACKETS_EACH);
        if (slices < SLICES_LEAST) { // too few packets to tell a trend from chance
            return new Trend(0, latenciesNs.length == 0 ? 0 : median(latenciesNs), 0);
        }
        final long[] medians = new long[slices];
        for (int slice = 0; slice < slices; slice++) {
            medians[slice] =
                    median(Arrays.copyOfRange(latenciesNs, (int) ((long) latenciesNs.length * slice / slices), (int)
                            ((long) latenciesNs.length * (slice + 1) / slices)));
        }
        final long[] slopes = new long[slices * (slices - 1) / 2];
        int count = 0;
        for (int i = 0; i < slices; i++) {
            for (int j = i + 1; j < slices; j++) {
                slopes[count++] = (medians[j] - medians[i]) * slices / (j - i);
            }
        }
        final long growth = median(slopes);
        final long[] rests = new long[slices];
        for (int slice = 0; slice < slices; slice++) {
            rests[slice] = medians[slice] - growth * slice / slices;
        }
        final long level = median(rests);
        Arrays.setAll(rests, slice -> Math.abs(rests[slice] - level));
        return new Trend(growth, median(medians), median(rests));
    }

    /** Whether the latency grew by more than a millisecond, than half of its median, and than four times the noise. */
    boolean grows() {
        return growthNs
                > Math.max(
                        Math.max((double) GROWTH_MAX_NS, NOISE * (double) noiseNs), GROWTH_SHARE * (double) medianNs);
    }

    private static long median(long[] values) {
        final long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
