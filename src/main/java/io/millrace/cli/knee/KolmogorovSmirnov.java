package io.millrace.cli.knee;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;

/**
 * The one-sample Kolmogorov-Smirnov test: whether delays come from the distribution that was declared.
 *
 * @param statistic the largest distance between the two distribution functions.
 * @param pValue how likely a distance as large is if they do; asymptotic, good from some 50 samples on.
 */
record KolmogorovSmirnov(double statistic, double pValue) {
    private static final int TERMS = 100;

    /** Tests {@code delaysNs}, in any order, 1 or more. */
    static KolmogorovSmirnov test(long[] delaysNs, DelayDistribution declared) {
        final long[] sorted = delaysNs.clone();
        Arrays.sort(sorted);
        final int count = sorted.length;
        double distance = 0;
        for (int first = 0; first < count; ) {
            final long value = sorted[first];
            int after = first + 1;
            while (after < count && sorted[after] == value) {
                after++;
            }
            // Delays are whole nanoseconds: below the value and up to the value are two steps of both functions.
            distance = Math.max(distance, Math.abs(declared.cumulative(value - 1) - (double) first / count));
            distance = Math.max(distance, Math.abs((double) after / count - declared.cumulative(value)));
            first = after;
        }
        return new KolmogorovSmirnov(distance, pValue(distance, count));
    }

    private static double pValue(double distance, int count) {
        final double root = Math.sqrt(count);
        final double lambda = (root + 0.12 + 0.11 / root) * distance;
        if (lambda < 0.2) {
            return 1; // the series converges slowly there, and the answer is 1 to twelve digits
        }
        double sum = 0;
        for (int k = 1; k <= TERMS; k++) {
            sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * lambda * lambda);
        }
        return Math.clamp(sum, 0, 1);
    }
}
