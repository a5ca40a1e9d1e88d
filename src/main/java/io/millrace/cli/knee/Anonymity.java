package io.millrace.cli.knee;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * What one interval of load hid, computed from its times of arrival and departure alone.
 *
 * @param departures that were judged.
 * @param entropyBitsMean mean entropy of a departure in bits.
 * @param entropyBitsP1 entropy that 99 % of departures exceed.
 * @param effectiveSetMedian two to the median entropy: so many equally likely packets would hide one as well.
 */
record Anonymity(int departures, double entropyBitsMean, double entropyBitsP1, double effectiveSetMedian) {
    private static final int SAMPLES = 2_000;

    /**
     * Judges {@code load}.
     *
     * @param latency of the relay itself: its median is taken off each departure, so that what remains is the delay.
     * @param seed of the choice of departures.
     */
    static Anonymity of(Load load, Histogram latency, DelayDistribution delay, long seed) {
        final long median = latency.getValueAtPercentile(50);
        final long[] arrivals = new long[load.sent()];
        final long[] departures = new long[load.sent()];
        int count = 0;
        for (int number = 0; number < load.sent(); number++) {
            arrivals[number] = load.dueNs(number);
            if (load.receivedNs()[number] != 0) {
                departures[count++] = load.receivedNs()[number] - median;
            }
        }
        if (count == 0) {
            return new Anonymity(0, 0, 0, 1);
        }
        final double[] bits =
                MixEntropy.bits(arrivals, Arrays.copyOf(departures, count), delay, SAMPLES, new SplittableRandom(seed));
        final double mean = Arrays.stream(bits).average().orElse(0);
        return new Anonymity(SAMPLES, round(mean), round(bits[SAMPLES / 100]), round(Math.pow(2, bits[SAMPLES / 2])));
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
