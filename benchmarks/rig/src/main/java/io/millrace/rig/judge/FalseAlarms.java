package io.millrace.rig.judge;

/**
 * Probability that a run refuses an honest relay by chance: {@link #FAMILY} for all its tests together, shared out equally
 * (Bonferroni), so that it holds whether or not the tests depend on each other.
 */
public final class FalseAlarms {
    /** Of a whole run: one in 100,000. */
    public static final double FAMILY = 1e-5;

    private FalseAlarms() {}

    /**
     * The p-value below which one test fails.
     *
     * @param tests of the run, 1 or more.
     * @return 0 to {@link #FAMILY}.
     * @throws IllegalArgumentException if there is no test.
     */
    public static double significance(int tests) {
        if (tests < 1) {
            throw new IllegalArgumentException("a run has a test: tests=" + tests);
        }
        return FAMILY / tests;
    }

    /** Standard deviations that a normal variable exceeds, to either side, with at most that probability. */
    static double deviations(double significance) {
        // P(|Z| > z) <= 2 exp(-z^2 / 2)
        return Math.sqrt(2 * Math.log(2 / significance));
    }
}
