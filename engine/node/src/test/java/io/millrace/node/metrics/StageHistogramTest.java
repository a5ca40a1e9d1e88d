package io.millrace.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.relay.packet.LatencyRecorder;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBucket;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** A histogram loses precision on its way to Prometheus only within its buckets' widths. */
class StageHistogramTest {
    private static final double STEP = Math.pow(2, 1.0 / 8);

    @Test
    void everyValueIsInABucketThatHoldsIt() {
        final long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            final Histogram one = LatencyRecorder.newHistogram();
            final long ns = (long) Math.exp(random.nextDouble(1, Math.log(60e9)));
            one.recordValue(ns);

            final HistogramDataPointSnapshot point = LatencyHistogram.of(one, Labels.EMPTY);

            final NativeHistogramBucket bucket =
                    point.getNativeBucketsForPositiveValues().iterator().next();
            final double upper = Math.pow(STEP, bucket.getBucketIndex());
            assertThat(ns / 1e9).as("ns=%d", ns).isBetween(upper / STEP * 0.9994, upper * 1.0006);
            assertThat(point.getClassicBuckets().stream()
                            .filter(each -> each.getCount() == 1)
                            .findFirst()
                            .orElseThrow()
                            .getUpperBound())
                    .as("ns=%d", ns)
                    .isGreaterThan(ns / 1e9 * 0.9994);
            assertThat(point.getSum()).isCloseTo(ns / 1e9, within(ns / 1e9 * 0.0006));
        }
    }

    @Test
    void nothingIsLostOrCountedTwice() {
        final SplittableRandom random = new SplittableRandom(1);
        final Histogram many = LatencyRecorder.newHistogram();
        double sum = 0;
        for (int i = 0; i < 100_000; i++) {
            final long ns = random.nextInt(10) == 0 ? random.nextInt(3) : (long) Math.exp(random.nextDouble(24));
            many.recordValue(ns);
            sum += ns / 1e9;
        }

        final HistogramDataPointSnapshot point = LatencyHistogram.of(many, Labels.EMPTY);

        final long natives = point.getNativeBucketsForPositiveValues().stream()
                .mapToLong(NativeHistogramBucket::getCount)
                .sum();
        assertThat(natives + point.getNativeZeroCount()).isEqualTo(100_000);
        assertThat(point.getNativeZeroCount()).isEqualTo(many.getCountBetweenValues(0, 1));
        assertThat(point.getNativeSchema()).isEqualTo(LatencyHistogram.SCHEMA);
        assertThat(point.getClassicBuckets().stream()
                        .mapToLong(each -> each.getCount())
                        .sum())
                .isEqualTo(100_000);
        assertThat(point.getCount()).isEqualTo(100_000);
        assertThat(point.getSum()).isCloseTo(sum, within(sum * 0.001));
    }

    @Test
    void anEmptyOneIsEmpty() {
        final HistogramDataPointSnapshot point = LatencyHistogram.of(LatencyRecorder.newHistogram(), Labels.EMPTY);

        assertThat(point.getCount()).isZero();
        assertThat(point.getSum()).isZero();
        assertThat(point.getClassicBuckets().size()).isEqualTo(20);
    }
}
