package io.millrace.cli.knee;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * Whether the delays are what was declared.
 *
 * @param samples delays that were tested.
 * @param drawnStatistic Kolmogorov-Smirnov distance of the delays that the relay had to give.
 * @param drawnPValue its probability if they follow the declared distribution; below 0.001 the check fails.
 * @param emittedStatistic distance of the times from due to departure, less the median of what the relay itself takes:
 *     what an observer sees. It contains the wheel's tick, batching and stalls, and is for comparison.
 */
record DelayCheck(int samples, double drawnStatistic, double drawnPValue, double emittedStatistic) {
    private static final double SIGNIFICANCE = 0.001;

    static DelayCheck of(Load load, LoadPool pool, Histogram latency, DelayDistribution declared) {
        final long median = latency.getValueAtPercentile(50);
        final long[] drawn = new long[load.sent()];
        final long[] emitted = new long[load.sent()];
        int count = 0;
        for (int number = 0; number < load.sent(); number++) {
            drawn[number] = pool.delayNs(number);
            if (load.receivedNs()[number] != 0) {
                emitted[count++] = load.latencyNs(number, 0) - median;
            }
        }
        final KolmogorovSmirnov drawnTest = KolmogorovSmirnov.test(drawn, declared);
        final double emittedStatistic = count == 0
                ? 1
                : KolmogorovSmirnov.test(Arrays.copyOf(emitted, count), declared)
                        .statistic();
        return new DelayCheck(drawn.length, drawnTest.statistic(), drawnTest.pValue(), emittedStatistic);
    }

    /** Whether what was drawn follows what was declared. */
    boolean passed() {
        return drawnPValue >= SIGNIFICANCE;
    }
}
