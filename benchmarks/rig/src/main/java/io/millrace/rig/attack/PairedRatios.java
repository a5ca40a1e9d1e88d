package io.millrace.rig.attack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Ratios of paired slices of time, one with and one without an attack, each pair close together in time. The median ignores
 * a slice in which the machine paused; its interval assumes nothing of the distribution.
 */
final class PairedRatios {
    /** Most probability on either side of the interval. */
    private static final double TAIL = 0.025;

    private final List<Double> ratios = new ArrayList<>();

    /**
     * Adds a pair.
     *
     * @param with rate with the attack, 0 or more.
     * @param without rate without it, more than 0.
     */
    void add(double with, double without) {
        ratios.add(with / without);
    }

    int count() {
        return ratios.size();
    }

    /** The median; NaN without pairs. */
    double median() {
        if (ratios.isEmpty()) {
            return Double.NaN;
        }
        final List<Double> sorted = sorted();
        final int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** Lower end of the 95 % interval of the median; the least ratio if there are fewer than 6 pairs, NaN without any. */
    double low() {
        return ratios.isEmpty() ? Double.NaN : sorted().get(outside());
    }

    /** Upper end of the interval; as {@link #low}. */
    double high() {
        return ratios.isEmpty() ? Double.NaN : sorted().get(ratios.size() - 1 - outside());
    }

    private List<Double> sorted() {
        final List<Double> sorted = new ArrayList<>(ratios);
        Collections.sort(sorted);
        return sorted;
    }

    /** Ratios below the interval, and as many above: of n fair coins, at most so many show heads with {@link #TAIL}. */
    private int outside() {
        final int n = ratios.size();
        double probability = Math.pow(0.5, n);
        double atMost = probability;
        int heads = 0;
        while (atMost <= TAIL) {
            heads++;
            probability = probability * (n - heads + 1) / heads;
            atMost += probability;
        }
        return Math.max(0, heads - 1);
    }
}
