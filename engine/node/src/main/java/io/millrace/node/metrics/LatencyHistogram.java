package io.millrace.node.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Turns a histogram of nanoseconds into one of seconds as Prometheus knows them: native buckets, a 9 % step each, for who
 * scrapes protobuf, and classic ones from 1 us to 1 s for the text formats.
 *
 * <p>Both and the sum come from one pass, so they agree. A value counts as the middle of its bucket in the source, which
 * is off by at most 0.05 %.
 */
final class LatencyHistogram {
    /** Native buckets grow by two to the power of {@code 1 / 2^SCHEMA}. */
    static final int SCHEMA = 3;

    /** Values up to this, in seconds, are zero: less than the clock can tell. */
    static final double ZERO_S = 1e-9;

    private static final double NS_PER_S = 1e9;
    private static final int BUCKETS_PER_DOUBLING = 1 << SCHEMA;
    private static final double[] CLASSIC_NS = {
        1e3, 2.5e3, 5e3, 1e4, 2.5e4, 5e4, 1e5, 2.5e5, 5e5, 1e6, 2.5e6, 5e6, 1e7, 2.5e7, 5e7, 1e8, 2.5e8, 5e8, 1e9
    };

    private LatencyHistogram() {}

    static HistogramDataPointSnapshot of(Histogram ns, Labels labels) {
        final long[] classic = new long[CLASSIC_NS.length + 1];
        final NativeHistogramBuckets.Builder natives = NativeHistogramBuckets.builder();
        long zeros = 0;
        int open = Integer.MIN_VALUE;
        long inOpen = 0;
        double sumNs = 0;
        int bound = 0;
        for (HistogramIterationValue each : ns.recordedValues()) {
            final double value = ns.medianEquivalentValue(each.getValueIteratedTo());
            final long count = each.getCountAtValueIteratedTo();
            sumNs += value * count;
            while (bound < CLASSIC_NS.length && value > CLASSIC_NS[bound]) {
                bound++;
            }
            classic[bound] += count;
            if (value <= ZERO_S * NS_PER_S) {
                zeros += count;
                continue;
            }
            final int bucket = bucket(value / NS_PER_S);
            if (bucket != open && inOpen > 0) {
                natives.bucket(open, inOpen);
                inOpen = 0;
            }
            open = bucket;
            inOpen += count;
        }
        if (inOpen > 0) {
            natives.bucket(open, inOpen);
        }
        return HistogramDataPointSnapshot.builder()
                .nativeSchema(SCHEMA)
                .nativeZeroThreshold(ZERO_S)
                .nativeZeroCount(zeros)
                .nativeBucketsForPositiveValues(natives.build())
                .classicHistogramBuckets(classic(classic))
                .sum(sumNs / NS_PER_S)
                .labels(labels)
                .build();
    }

    /** The native bucket of a value: the smallest whose upper bound, two to the power of it over 8, is not below. */
    static int bucket(double seconds) {
        return (int) Math.ceil(Math.log(seconds) / Math.log(2) * BUCKETS_PER_DOUBLING);
    }

    private static ClassicHistogramBuckets classic(long[] counts) {
        final ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < CLASSIC_NS.length; i++) {
            buckets.bucket(CLASSIC_NS[i] / NS_PER_S, counts[i]);
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, counts[CLASSIC_NS.length])
                .build();
    }
}
