package io.millrace.cli.bench;

import java.util.List;

/**
 * Median and quartiles of a few samples, between them by straight lines.
 *
 * @param low a quarter of the samples is below.
 * @param high a quarter of the samples is above.
 */
record Quartiles(double low, double median, double high) {
    /** Of {@code samples}, one or more. */
    static Quartiles of(List<Double> samples) {
        final double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    /** Half of the middle half's width. */
    double spread() {
        return (high - low) / 2;
    }

    private static double at(double[] sorted, double share) {
        final double position = share * (sorted.length - 1);
        final int below = (int) position;
        final int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }
}
