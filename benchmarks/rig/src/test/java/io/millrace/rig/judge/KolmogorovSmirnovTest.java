package io.millrace.rig.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.vrf.DelayDistribution;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KolmogorovSmirnovTest {
    private static final long SEED = 20_261_126;

    @ParameterizedTest
    @ValueSource(strings = {"exponential(1ms,10ms)", "uniform(1ms,3ms)", "uniform(0ns,3ns)", "uniform(2ms,2ms)"})
    void acceptsDelaysOfTheDeclaredDistribution(String declared) {
        final KolmogorovSmirnov test =
                KolmogorovSmirnov.test(draw(declared, 50_000), DelayDistribution.parse(declared));

        assertThat(test.pValue()).as("seed %d, %s", SEED, test).isGreaterThan(0.001);
    }

    @Test
    void refusesDelaysOfAnotherMean() {
        final KolmogorovSmirnov test = KolmogorovSmirnov.test(
                draw("exponential(1ms,10ms)", 50_000), DelayDistribution.parse("exponential(1030us,10ms)"));

        assertThat(test.pValue()).as("seed %d, %s", SEED, test).isLessThan(0.001);
    }

    @Test
    void measuresTheDistanceOfASmallSampleExactly() {
        // Of the values 0 to 3, all samples are 0: below 0 nothing is expected, up to 0 a quarter.
        final KolmogorovSmirnov test = KolmogorovSmirnov.test(new long[] {0, 0, 0, 0}, DelayDistribution.uniform(0, 3));

        assertThat(test.statistic()).isCloseTo(0.75, within(1e-12));
    }

    private static long[] draw(String distribution, int count) {
        final DelayDistribution delay = DelayDistribution.parse(distribution);
        final SplittableRandom random = new SplittableRandom(SEED);
        return LongStream.generate(() -> delay.delayNs(random.nextLong()))
                .limit(count)
                .toArray();
    }
}
