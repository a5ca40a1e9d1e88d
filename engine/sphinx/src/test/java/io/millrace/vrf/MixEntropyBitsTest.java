package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The closed form against the definition: the entropy of a departure's distribution over the arrivals. */
class MixEntropyBitsTest {
    private static final int PACKETS = 60_000;
    private static final int JUDGED = 500;

    @ParameterizedTest
    @ValueSource(strings = {"exponential(50ms,500ms)", "exponential(50ms,75ms)", "uniform(10ms,90ms)"})
    void agreesWithASimulationOfPoissonArrivals(String text) {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final DelayDistribution law = DelayDistribution.parse(text);
        final double perSecond = 2_000;
        final long[] arrivals = new long[PACKETS];
        double now = 0;
        for (int i = 0; i < PACKETS; i++) {
            now += -Math.log(1 - random.nextDouble()) * 1e9 / perSecond;
            arrivals[i] = (long) now;
        }
        double sum = 0;
        for (int i = 0; i < JUDGED; i++) {
            sum += entropy(arrivals, PACKETS / 2 + 20 * i, law, random);
        }
        assertThat(law.mixEntropyBits(perSecond)).as("seed=" + seed).isCloseTo(sum / JUDGED, within(0.1));
        assertThat(law.mixEntropyBits(0)).isZero();
        assertThat(law.mixEntropyBits(0.01)).isZero();
    }

    private static double entropy(long[] arrivals, int packet, DelayDistribution law, SplittableRandom random) {
        final long left = arrivals[packet] + law.delayNs(random.nextLong());
        double total = 0;
        double weighted = 0;
        for (final long arrival : arrivals) {
            final double density = law.density(left - arrival);
            if (density > 0) {
                total += density;
                weighted += density * Math.log(density);
            }
        }
        return (Math.log(total) - weighted / total) / Math.log(2);
    }
}
