package io.millrace.rig.knee;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the rate at which about half of the intervals pass: a step up after one that passed, a step down after one that did
 * not, and the median of the later ones of the rates that were tried. Known from psychophysics as the simple up-down method.
 *
 * <p>On a quiet machine it goes to and fro over one edge. On a shared one the edge itself moves, and a single stall fails a
 * rate that is carried otherwise: a bisection would never look above it again, a staircase climbs back.
 */
final class Staircase {
    private final List<Integer> levels = new ArrayList<>();
    private final List<Integer> passed = new ArrayList<>();
    private boolean up;

    private Staircase() {}

    /**
     * Searches.
     *
     * @param first rate to begin with; near the sought rate, since the steps are small.
     * @param highest rate that a trial can offer.
     * @param step from one rate to the next, as a share of it; longer ones while it goes on in one direction.
     * @param trials 1 or more; more are made only while none has passed, down to {@code first / 64}.
     * @return the highest rate up to the median that passed; the lowest that passed if none of them did; 0 if none at all.
     */
    static double highest(RateSearch.Trial trial, double first, double highest, double step, int trials)
            throws Exception {
        return new Staircase().search(trial, first, highest, 1 + step, trials);
    }

    private double search(RateSearch.Trial trial, double first, double highest, double factor, int trials)
            throws Exception {
        int level = 0;
        int run = 0;
        while (levels.size() < trials || passed.isEmpty()) {
            final double rate = Math.min(highest, first * Math.pow(factor, level));
            if (rate < first / 64) {
                return 0;
            }
            final boolean passes = trial.passes(rate);
            levels.add(level);
            if (passes) {
                passed.add(level);
            }
            if (passes && rate == highest) {
                continue; // nothing above can be offered
            }
            run = passes == up ? run + 1 : 1;
            up = passes;
            level += (passes ? 1 : -1) * (1 + (run - 1) / 2); // 1, 1, 2, 2, 3, 3 steps
        }
        final double median = median();
        final int found = passed.stream()
                .filter(each -> each <= median)
                .max(Integer::compare)
                .orElseGet(() -> passed.stream().min(Integer::compare).orElseThrow());
        return Math.min(highest, first * Math.pow(factor, found));
    }

    /** Of the later two thirds: on the first it was on the way. */
    private double median() {
        final int[] sorted = levels.stream()
                .skip(levels.size() / 3)
                .mapToInt(Integer::intValue)
                .toArray();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
    }
}
