package io.millrace.vrf;

/**
 * A distribution of delays: a fixed map from 64 uniform bits to a whole number of nanoseconds.
 *
 * <p>The map is part of the protocol: who knows the bits can compute the delay on another machine and gets the same
 * nanosecond, because it uses only integers, IEEE 754 doubles and {@link StrictMath}.
 *
 * <p>Immutable and thread safe; {@link #delayNs} allocates nothing.
 *
 * <p>Source: {@code src/docs/specs/delay.md}, section "Distributions".
 */
public sealed interface DelayDistribution permits ExponentialDelay, UniformDelay {
    /** Longest delay that any distribution may give, and longest mean, in nanoseconds: one day. */
    long LIMIT_NS = 86_400_000_000_000L;

    /**
     * Maps uniform bits to a delay.
     *
     * @param bits 64 uniform bits.
     * @return delay in nanoseconds, {@link #minNs} to {@link #maxNs}.
     */
    long delayNs(long bits);

    /** Shortest delay in nanoseconds. */
    long minNs();

    /** Longest delay in nanoseconds: the span that a holder of waiting packets needs. */
    long maxNs();

    /**
     * The probability of a delay of {@code ns} or less, 0 to 1: what emitted delays are tested against.
     *
     * @param ns any; outside of {@link #minNs} to {@link #maxNs} the answer is 0 or 1.
     */
    double cumulative(long ns);

    /**
     * The probability density at {@code ns}, per nanosecond; 0 outside of {@link #minNs} to {@link #maxNs}. For a
     * constant delay 1 at that delay.
     *
     * @param ns a delay in nanoseconds.
     */
    double density(long ns);

    /**
     * The differential entropy of a delay in bits, with the nanosecond as unit.
     */
    double entropyBits();

    /**
     * The uncertainty about which packet a departing one was, for an observer of every arrival and departure at one relay:
     * {@code log2(rate) + } {@link #entropyBits()}. Within 0.05 bits for Poisson arrivals and a rate of 30 packets per mean
     * delay or more; lower than that in truth where there are fewer.
     *
     * @param packetsPerSecond arrivals, 0 or more.
     * @return bits, 0 or more.
     */
    default double mixEntropyBits(double packetsPerSecond) {
        return packetsPerSecond <= 0 ? 0 : Math.max(0, Math.log(packetsPerSecond / 1e9) / Math.log(2) + entropyBits());
    }

    /**
     * The exponential distribution with mean {@code meanNs}, conditioned on being below {@code capNs}.
     *
     * @param meanNs mean before the condition, 1 to {@link #LIMIT_NS}.
     * @param capNs 1 to {@link #LIMIT_NS}.
     */
    static DelayDistribution exponential(long meanNs, long capNs) {
        return new ExponentialDelay(meanNs, capNs);
    }

    /**
     * The uniform distribution over the whole nanoseconds from {@code minNs} to {@code maxNs}, both included.
     *
     * @param minNs 0 to {@code maxNs}.
     * @param maxNs up to {@link #LIMIT_NS}; may equal {@code minNs}, which gives a constant delay.
     */
    static DelayDistribution uniform(long minNs, long maxNs) {
        return new UniformDelay(minNs, maxNs);
    }

    /**
     * Reads the form that {@link Object#toString} of a distribution writes: {@code exponential(1ms,10ms)} with mean and
     * cap, {@code uniform(0ns,5ms)} with minimum and maximum. Units are {@code ns}, {@code us}, {@code ms} and
     * {@code s}; amounts are whole numbers.
     *
     * @param text such as {@code exponential(1ms,10ms)}.
     * @throws IllegalArgumentException if the text is anything else, or names a distribution that cannot be.
     */
    static DelayDistribution parse(String text) {
        return DelayText.parseDistribution(text);
    }
}
