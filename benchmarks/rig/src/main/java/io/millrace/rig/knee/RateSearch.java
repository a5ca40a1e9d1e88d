package io.millrace.rig.knee;

/**
 * Finds the highest rate that passes a trial: doubles from the first rate until one fails, then halves the gap.
 *
 * <p>Trials are noisy on a shared machine, so the returned rate has itself passed, and nothing is inferred about rates
 * between two trials.
 */
final class RateSearch {
    private RateSearch() {}

    /** One interval of load. */
    @FunctionalInterface
    interface Trial {
        /** Whether {@code rate}, in packets a second, was carried. */
        boolean passes(double rate) throws Exception;
    }

    /**
     * Searches.
     *
     * @param first rate to begin with; where it fails, lower ones are tried down to {@code first / 64}.
     * @param highest rate that a trial can offer.
     * @param resolution the search ends when the gap is this share of the rate.
     * @return the highest rate that passed; 0 if none did.
     */
    static double highest(Trial trial, double first, double highest, double resolution) throws Exception {
        double passed = 0;
        double failed = Double.NaN;
        double rate = Math.min(first, highest);
        while (Double.isNaN(failed)) {
            if (trial.passes(rate)) {
                passed = rate;
                if (rate >= highest) {
                    return passed;
                }
                rate = Math.min(2 * rate, highest);
            } else {
                failed = rate;
            }
        }
        if (passed == 0) {
            for (rate = first / 2; rate >= first / 64 && passed == 0; rate /= 2) {
                if (trial.passes(rate)) {
                    passed = rate;
                } else {
                    failed = rate;
                }
            }
        }
        while (passed > 0 && failed - passed > resolution * passed) {
            final double middle = (passed + failed) / 2;
            if (trial.passes(middle)) {
                passed = middle;
            } else {
                failed = middle;
            }
        }
        return passed;
    }
}
