package io.millrace.rig.measure;

import java.util.List;

/**
 * Median and quartiles of a few samples, between them by straight lines, in the unit of the samples.
 *
 * @param low a quarter of the samples is below.
 * @param median half of the samples is below, half above.
 * @param high a quarter of the samples is above.
 */
public record Quartiles(double low, double median, double high) {
    /**
     * Of {@code samples}, in any order.
     *
     * @param samples 1 or more.
     * @throws IllegalArgumentException if there is none.
     */
    public static Quartiles of(List<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        final double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    /** Half of the middle half's width; 0 for a single sample. */
    public double spread() {
        return (high - low) / 2;
    }

    private static double at(double[] sorted, double share) {
        final double position = share * (sorted.length - 1);
        final int below = (int) position;
        final int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }
}
