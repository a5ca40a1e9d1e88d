package io.millrace.directory;

import java.util.Arrays;
import java.util.List;

/**
 * Least squares of the time under way on the delay at each relay, with a constant term, in milliseconds.
 *
 * <p>Without enough probes, or if the delays of two relays are not independent, there are no slopes.
 */
final class Slopes {
    /** Probes that are needed per unknown. */
    private static final int PROBES_PER_UNKNOWN = 8;

    /** Smallest standard error of a slope: the clocks' and the ticks' resolution. */
    private static final double LEAST_ERROR = 1e-3;

    private final double[] slopes; // null without enough probes
    private final double[] errors;

    private Slopes(double[] slopes, double[] errors) {
        this.slopes = slopes;
        this.errors = errors;
    }

    static Slopes of(List<DisclosedProbe> probes, List<IdentityKey> relays) {
        final int unknowns = relays.size() + 1;
        if (probes.size() < PROBES_PER_UNKNOWN * unknowns) {
            return new Slopes(null, null);
        }
        final double[][] rows = new double[probes.size()][unknowns];
        final double[] times = new double[probes.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i][0] = 1;
            for (int j = 1; j < unknowns; j++) {
                rows[i][j] = probes.get(i).delayMs(relays.get(j - 1));
            }
            times[i] = probes.get(i).elapsedNs() / 1e6;
        }
        return fit(rows, times, unknowns);
    }

    double slope(int relay) {
        return slopes == null ? Double.NaN : slopes[relay + 1];
    }

    double error(int relay) {
        return slopes == null ? Double.NaN : errors[relay + 1];
    }

    double p(int relay) {
        return slopes == null ? 1 : Tails.normal((slope(relay) - 1) / error(relay));
    }

    private static Slopes fit(double[][] rows, double[] times, int unknowns) {
        final double[][] normal = new double[unknowns][2 * unknowns];
        final double[] right = new double[unknowns];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < unknowns; j++) {
                right[j] += rows[i][j] * times[i];
                for (int k = 0; k < unknowns; k++) {
                    normal[j][k] += rows[i][j] * rows[i][k];
                }
            }
        }
        for (int j = 0; j < unknowns; j++) {
            normal[j][unknowns + j] = 1;
        }
        if (!invert(normal)) {
            return new Slopes(null, null);
        }
        final double[] slopes = new double[unknowns];
        for (int j = 0; j < unknowns; j++) {
            for (int k = 0; k < unknowns; k++) {
                slopes[j] += normal[j][unknowns + k] * right[k];
            }
        }
        double squares = 0;
        for (int i = 0; i < rows.length; i++) {
            double residual = times[i];
            for (int j = 0; j < unknowns; j++) {
                residual -= slopes[j] * rows[i][j];
            }
            squares += residual * residual;
        }
        final double variance = squares / (rows.length - unknowns);
        final double[] errors = new double[unknowns];
        for (int j = 0; j < unknowns; j++) {
            errors[j] = Math.max(LEAST_ERROR, Math.sqrt(variance * normal[j][unknowns + j]));
        }
        return new Slopes(slopes, errors);
    }

    /** Gauss and Jordan with pivots; the right half becomes the inverse of the left. False if there is none. */
    private static boolean invert(double[][] matrix) {
        final int size = matrix.length;
        final double scale =
                Arrays.stream(matrix).mapToDouble(row -> Math.abs(row[0])).max().orElse(0);
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int row = column + 1; row < size; row++) {
                pivot = Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column]) ? row : pivot;
            }
            if (Math.abs(matrix[pivot][column]) <= 1e-9 * scale) {
                return false;
            }
            final double[] swapped = matrix[column];
            matrix[column] = matrix[pivot];
            matrix[pivot] = swapped;
            final double factor = matrix[column][column];
            for (int k = 0; k < 2 * size; k++) {
                matrix[column][k] /= factor;
            }
            for (int row = 0; row < size; row++) {
                final double share = row == column ? 0 : matrix[row][column];
                for (int k = 0; share != 0 && k < 2 * size; k++) {
                    matrix[row][k] -= share * matrix[column][k];
                }
            }
        }
        return true;
    }
}
