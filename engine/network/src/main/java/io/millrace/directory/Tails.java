package io.millrace.directory;

/** Tail probabilities of two distributions. */
final class Tails {
    private static final int TERMS = 1_000;

    private Tails() {}

    /** Probability that a standard normal variable is at least {@code z} away from 0, to a relative 1.2e-7. */
    static double normal(double z) {
        // Chebyshev fit of erfc: Press et al., "Numerical Recipes", section 6.2.
        final double x = Math.abs(z) / Math.sqrt(2);
        final double t = 1 / (1 + 0.5 * x);
        final double[] c = {
            -1.26551223,
            1.00002368,
            0.37409196,
            0.09678418,
            -0.18628806,
            0.27886807,
            -1.13520398,
            1.48851587,
            -0.82215223,
            0.17087277
        };
        double sum = 0;
        for (int i = c.length - 1; i >= 0; i--) {
            sum = sum * t + c[i];
        }
        return t * Math.exp(-x * x + sum);
    }

    /** Probability that a Poisson variable of that mean is {@code count} or more; {@code count} is 1 or more. */
    static double poisson(int count, double mean) {
        if (mean <= 0) {
            return 0;
        }
        double logTerm = -mean + count * Math.log(mean);
        for (int i = 2; i <= count; i++) {
            logTerm -= Math.log(i);
        }
        double term = Math.exp(logTerm);
        double sum = 0;
        for (int i = 1; i <= TERMS && (term > 0 || count + i < mean); i++) {
            sum += term;
            term *= mean / (count + i);
        }
        return mean > count ? Math.max(sum, 0.5) : Math.min(1, sum);
    }
}
