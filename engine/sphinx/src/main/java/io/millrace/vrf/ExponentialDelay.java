package io.millrace.vrf;

/**
 * Exponential with mean {@code meanNs}, conditioned on being below {@code capNs}: no probability is piled up at the cap.
 *
 * <p>Inverse of the survival function. With {@code v} in (0, 1] from the upper 63 bits and
 * {@code q = exp(-cap / mean)}, the delay is {@code floor(-mean * ln(q + v * (1 - q)))}. Taking {@code v} as the share
 * that survives, not the share that is over, keeps the full resolution of a double in the long tail, where values near
 * zero need it; at the short end one nanosecond is coarser than the rounding. More bits mean a shorter delay: all ones
 * give 0.
 *
 * <p>The mean of the result is {@code mean - cap / (exp(cap / mean) - 1)}, less half a nanosecond for the floor: with a
 * cap of ten means 0.99955 of the mean.
 */
final class ExponentialDelay implements DelayDistribution {
    private static final double TWO_TO_MINUS_63 = 0x1p-63;

    private final long meanNs;
    private final long capNs;
    private final double survivalAtCap;
    private final double conditioned;

    ExponentialDelay(long meanNs, long capNs) {
        if (meanNs < 1 || meanNs > LIMIT_NS || capNs < 1 || capNs > LIMIT_NS) {
            throw new IllegalArgumentException(
                    "exponential delay needs mean and cap of 1 ns to 1 day: meanNs=" + meanNs + ", capNs=" + capNs);
        }
        this.meanNs = meanNs;
        this.capNs = capNs;
        this.survivalAtCap = StrictMath.exp(-(double) capNs / meanNs);
        this.conditioned = -StrictMath.expm1(-(double) capNs / meanNs);
    }

    @Override
    public long delayNs(long bits) {
        final double survival = ((double) (bits >>> 1) + 0.5) * TWO_TO_MINUS_63;
        final double delay = -meanNs * StrictMath.log(survivalAtCap + survival * conditioned);
        // Rounding may give -0.0 at the one end and the cap itself at the other.
        return Math.min((long) delay, capNs);
    }

    @Override
    public double cumulative(long ns) {
        if (ns <= 0) {
            return 0;
        }
        return ns >= capNs ? 1 : -StrictMath.expm1(-(double) ns / meanNs) / conditioned;
    }

    @Override
    public double density(long ns) {
        return ns < 0 || ns > capNs ? 0 : StrictMath.exp(-(double) ns / meanNs) / (meanNs * conditioned);
    }

    @Override
    public double entropyBits() {
        final double capInMeans = (double) capNs / meanNs;
        return (Math.log(meanNs * conditioned) + 1 - capInMeans * survivalAtCap / conditioned) / Math.log(2);
    }

    @Override
    public long minNs() {
        return 0;
    }

    @Override
    public long maxNs() {
        return capNs;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExponentialDelay that && meanNs == that.meanNs && capNs == that.capNs;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(31 * meanNs + capNs);
    }

    @Override
    public String toString() {
        return "exponential(" + DelayText.format(meanNs) + "," + DelayText.format(capNs) + ")";
    }
}
