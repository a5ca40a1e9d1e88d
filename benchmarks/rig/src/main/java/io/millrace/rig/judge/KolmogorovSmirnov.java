package io.millrace.rig.judge;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;

/**
 * The one-sample Kolmogorov-Smirnov test: whether delays come from the declared distribution.
 *
 * @param statistic largest distance between the two distribution functions, 0 to 1.
 * @param pValue probability of a distance as large if they do, 0 to 1; asymptotic, good from some 50 samples on.
 */
public record KolmogorovSmirnov(double statistic, double pValue) {
    private static final int TERMS = 100;

    /**
     * Tests delays.
     *
     * @param delaysNs nanoseconds, in any order, 1 or more.
     * @param declared the law that they should follow.
     * @return the outcome.
     */
    public static KolmogorovSmirnov test(long[] delaysNs, DelayDistribution declared) {
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

    /**
     * The largest distance between the distribution functions of two samples.
     *
     * @param one in any order, 1 or more.
     * @param other in any order, 1 or more.
     * @return 0 to 1.
     */
    static double distance(long[] one, long[] other) {
        final long[] first = one.clone();
        final long[] second = other.clone();
        Arrays.sort(first);
        Arrays.sort(second);
        double distance = 0;
        int i = 0;
        int j = 0;
        while (i < first.length && j < second.length) {
            final long value = Math.min(first[i], second[j]);
            while (i < first.length && first[i] == value) {
                i++;
            }
            while (j < second.length && second[j] == value) {
                j++;
            }
            distance = Math.max(distance, Math.abs((double) i / first.length - (double) j / second.length));
        }
        return distance;
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
