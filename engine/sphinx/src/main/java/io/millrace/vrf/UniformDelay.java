package io.millrace.vrf;

/**
 * Uniform over the whole nanoseconds from {@code minNs} to {@code maxNs}, both included.
 *
 * <p>The bits, read as a fraction of 2^64, are multiplied by the number of values, and the integer part is taken: no
 * division with remainder. Each value has {@code floor(2^64 / n)} or {@code ceil(2^64 / n)} of the 2^64 inputs, which is
 * as even as a map from 64 bits can be: for 5 ms the probabilities of two values differ by less than one part in 10^12.
 *
 * @param minNs 0 to {@code maxNs}.
 * @param maxNs up to {@link #LIMIT_NS}.
 */
record UniformDelay(long minNs, long maxNs) implements DelayDistribution {
    UniformDelay {
        if (minNs < 0 || minNs > maxNs || maxNs > LIMIT_NS) {
            throw new IllegalArgumentException(
                    "uniform delay needs 0 <= min <= max <= 1 day: minNs=" + minNs + ", maxNs=" + maxNs);
        }
    }

    @Override
    public long delayNs(long bits) {
        return minNs + Math.unsignedMultiplyHigh(bits, maxNs - minNs + 1);
    }

    @Override
    public double cumulative(long ns) {
        return ns < minNs ? 0 : Math.min(1, (ns - minNs + 1.0) / (maxNs - minNs + 1.0));
    }

    @Override
    public double density(long ns) {
        return ns < minNs || ns > maxNs ? 0 : 1.0 / (maxNs - minNs + 1.0);
    }

    @Override
    public double entropyBits() {
        return Math.log(maxNs - minNs + 1.0) / Math.log(2);
    }

    @Override
    public String toString() {
        return "uniform(" + DelayText.format(minNs) + "," + DelayText.format(maxNs) + ")";
    }
}
