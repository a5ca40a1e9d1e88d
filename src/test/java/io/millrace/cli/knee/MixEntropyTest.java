package io.millrace.cli.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.vrf.DelayDistribution;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MixEntropyTest {
    private static final DelayDistribution UNIFORM = DelayDistribution.uniform(0, 1_000);

    @Test
    void equallyLikelyArrivalsHaveTheLogarithmOfTheirNumber() {
        final long[] arrivals = {0, 100, 200, 300, 400, 500, 600, 700};

        assertThat(MixEntropy.bitsOf(arrivals, 800, UNIFORM)).isCloseTo(3, within(1e-9));
    }

    @Test
    void arrivalsThatCannotBeDoNotCount() {
        // 0 is too long ago, 1,500 has not arrived.
        assertThat(MixEntropy.bitsOf(new long[] {0, 600, 700, 1_500}, 1_100, UNIFORM))
                .isCloseTo(1, within(1e-9));
    }

    @Test
    void aSinglePossibleArrivalHidesNothing() {
        assertThat(MixEntropy.bitsOf(new long[] {500}, 800, UNIFORM)).isZero();
        assertThat(MixEntropy.bitsOf(new long[] {500}, 5_000, UNIFORM)).isZero();
        assertThat(MixEntropy.bitsOf(new long[] {500, 800}, 800, DelayDistribution.uniform(0, 0)))
                .isZero();
    }

    @Test
    void unequalLikelihoodsHideLessThanEqualOnes() {
        final DelayDistribution exponential = DelayDistribution.exponential(200, 2_000);
        final long[] arrivals = {0, 200};
        // e^-1 to e^0: p = 1 / (1 + e), 1 - p.
        final double p = 1 / (1 + Math.E);
        final double expected = -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2);

        assertThat(MixEntropy.bitsOf(arrivals, 200, exponential)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void aFasterStreamHidesMore() {
        final DelayDistribution delay = DelayDistribution.parse("exponential(1ms,10ms)");
        final double slow = median(10_000, delay);
        final double fast = median(100_000, delay);

        // Ten times the packets in the mix are log2(10) bits more.
        assertThat(fast - slow).isCloseTo(Math.log(10) / Math.log(2), within(0.2));
    }

    private static double median(int rate, DelayDistribution delay) {
        final SplittableRandom random = new SplittableRandom(1);
        final long[] arrivals = LongStream.range(0, rate / 10)
                .map(i -> i * (1_000_000_000L / rate))
                .toArray();
        final long[] departures = LongStream.of(arrivals)
                .skip(rate / 20)
                .map(arrival -> arrival + delay.delayNs(random.nextLong()))
                .toArray();
        return MixEntropy.bits(arrivals, departures, delay, 101, random)[50];
    }
}
