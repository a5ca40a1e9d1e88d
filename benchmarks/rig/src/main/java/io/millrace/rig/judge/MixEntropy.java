package io.millrace.rig.judge;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * How well a mix hides the arrival that a departure belongs to, for an observer of the wires who knows how long packets
 * stay.
 *
 * <p>For a departure at {@code d}, an arrival at {@code a} has the likelihood {@code f(d - a)}, {@code f} being the density of
 * the times that packets were seen to stay. The entropy of these, normalised, in bits, is the departure's; two to its power
 * is the effective size of the anonymity set.
 *
 * <p>Source: Serjantov and Danezis, Towards an Information Theoretic Metric for Anonymity, 2002. The observer here judges
 * each departure alone; one who matches all of them together learns more, so the figures are upper bounds.
 */
final class MixEntropy {
    private MixEntropy() {}

    /**
     * The entropies of {@code samples} departures, in bits, ascending.
     *
     * @param random chooses the departures.
     */
    static double[] bits(Passages passages, ObservedLaw law, int samples, RandomGenerator random) {
        final double[] entropies = new double[samples];
        for (int i = 0; i < samples; i++) {
            entropies[i] = bitsOf(passages, passages.leftNs(random.nextInt(passages.count())), law);
        }
        Arrays.sort(entropies);
        return entropies;
    }

    /** The entropy of one departure in bits; 0 if at most one arrival is possible. */
    static double bitsOf(Passages passages, long departureNs, ObservedLaw law) {
        double sum = 0;
        double weighted = 0;
        for (int i = firstSince(passages, departureNs - law.maxNs());
                i < passages.count() && passages.arrivedNs(i) <= departureNs - law.minNs();
                i++) {
            final double likelihood = law.density(departureNs - passages.arrivedNs(i));
            if (likelihood > 0) {
                sum += likelihood;
                weighted += likelihood * Math.log(likelihood);
            }
        }
        // -sum(p log p) with p = l / sum(l) is log(sum(l)) - sum(l log l) / sum(l).
        return sum == 0 ? 0 : Math.max(0, (Math.log(sum) - weighted / sum) / Math.log(2));
    }

    /** Index of the first arrival at {@code ns} or later. */
    private static int firstSince(Passages passages, long ns) {
        int low = 0;
        int high = passages.count();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (passages.arrivedNs(middle) < ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
