package io.millrace.cli.knee;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * How well a mix hides which arrival a departure belongs to, from times alone: what somebody knows who watches the wires,
 * and knows the distribution of the delays, but not the delays.
 *
 * <p>For a departure at {@code d}, an arrival at {@code a} has the likelihood {@code f(d - a)}, {@code f} being the density
 * of the delays. The entropy of these, normalised, in bits, is the departure's; two to its power is the effective size of
 * the anonymity set.
 *
 * <p>Source: Serjantov and Danezis, Towards an Information Theoretic Metric for Anonymity, 2002. The observer here judges
 * each departure alone; one who matches all of them together learns more, so the figures are upper bounds.
 */
final class MixEntropy {
    private MixEntropy() {}

    /**
     * The entropies of {@code samples} departures, in bits, ascending.
     *
     * @param arrivals times in nanoseconds, ascending.
     * @param departures times in nanoseconds, in any order, without what the relay itself takes.
     */
    static double[] bits(
            long[] arrivals, long[] departures, DelayDistribution delay, int samples, RandomGenerator random) {
        final double[] entropies = new double[samples];
        for (int i = 0; i < samples; i++) {
            entropies[i] = bitsOf(arrivals, departures[random.nextInt(departures.length)], delay);
        }
        Arrays.sort(entropies);
        return entropies;
    }

    /** The entropy of one departure in bits; 0 if at most one arrival is possible. */
    static double bitsOf(long[] arrivals, long departure, DelayDistribution delay) {
        final int from = firstAtLeast(arrivals, departure - delay.maxNs());
        double sum = 0;
        double weighted = 0;
        for (int i = from; i < arrivals.length && arrivals[i] <= departure; i++) {
            final double likelihood = delay.density(departure - arrivals[i]);
            if (likelihood > 0) {
                sum += likelihood;
                weighted += likelihood * Math.log(likelihood);
            }
        }
        // -sum(p log p) with p = l / sum(l) is log(sum(l)) - sum(l log l) / sum(l).
        return sum == 0 ? 0 : Math.max(0, (Math.log(sum) - weighted / sum) / Math.log(2));
    }

    private static int firstAtLeast(long[] times, long wanted) {
        int low = 0;
        int high = times.length;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (times[middle] < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
