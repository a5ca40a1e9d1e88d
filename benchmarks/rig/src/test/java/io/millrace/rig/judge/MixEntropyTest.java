package io.millrace.rig.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MixEntropyTest {
    /** Packets stay for 0 to 1,000 ns, all equally often. */
    private static final ObservedLaw UNIFORM =
            ObservedLaw.of(LongStream.rangeClosed(0, 1_000).toArray());

    @Test
    void equallyLikelyArrivalsHaveTheLogarithmOfTheirNumber() {
        assertThat(MixEntropy.bitsOf(arrivals(0, 100, 200, 300, 400, 500, 600, 700), 800, UNIFORM))
                .isCloseTo(3, within(0.01));
    }

    @Test
    void arrivalsThatCannotBeDoNotCount() {
        // 0 is too long ago, 1,500 has not arrived.
        assertThat(MixEntropy.bitsOf(arrivals(0, 600, 700, 1_500), 1_100, UNIFORM))
                .isCloseTo(1, within(0.01));
    }

    @Test
    void aSinglePossibleArrivalHidesNothing() {
        assertThat(MixEntropy.bitsOf(arrivals(500), 800, UNIFORM)).isZero();
        assertThat(MixEntropy.bitsOf(arrivals(500), 5_000, UNIFORM)).isZero();
        assertThat(MixEntropy.bitsOf(arrivals(500, 800), 800, ObservedLaw.of(new long[] {0, 0})))
                .isZero();
    }

    @Test
    void aFasterStreamHidesMore() {
        // Ten times the packets in the mix are log2(10) bits more.
        assertThat(median(100_000) - median(10_000)).isCloseTo(Math.log(10) / Math.log(2), within(0.2));
    }

    private static double median(int rate) {
        final SplittableRandom random = new SplittableRandom(1);
        final DelayDistribution delay = DelayDistribution.parse("exponential(1ms,10ms)");
        final long[] arrivals = LongStream.range(0, rate / 10)
                .map(i -> i * (1_000_000_000L / rate))
                .toArray();
        final long[] departures = new long[arrivals.length];
        Arrays.setAll(departures, index -> arrivals[index] + delay.delayNs(random.nextLong()));
        final Passages passages = Passages.of(arrivals, departures, new long[arrivals.length]);
        return MixEntropy.bits(passages, ObservedLaw.of(passages.spentNs()), 101, random)[50];
    }

    private static Passages arrivals(long... arrivals) {
        return Passages.of(arrivals, arrivals, new long[arrivals.length]);
    }
}
