package io.millrace.rig.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The median of paired ratios, and the interval around it. */
class PairedRatiosTest {
    @Test
    void theMedianIgnoresASliceInWhichTheMachinePaused() {
        final PairedRatios ratios = new PairedRatios();
        for (int i = 0; i < 4; i++) {
            ratios.add(99, 100);
        }
        ratios.add(1, 100);
        assertThat(ratios.median()).isEqualTo(0.99);
        ratios.add(97, 100);
        ratios.add(97, 100);
        ratios.add(97, 100);
        assertThat(ratios.median()).isCloseTo(0.98, within(1e-12));
        assertThat(ratios.count()).isEqualTo(8);
    }

    /** 16 coins show at most 3 heads with 1.06 %, at most 4 with 3.8 %: the 4th of either end is the interval's. */
    @Test
    void theIntervalIsThatOfTheBinomialDistribution() {
        final PairedRatios ratios = new PairedRatios();
        for (int i = 16; i > 0; i--) {
            ratios.add(i, 1);
        }
        assertThat(ratios.low()).isEqualTo(4);
        assertThat(ratios.high()).isEqualTo(13);
    }

    @Test
    void fewPairsShowTheWholeRange() {
        final PairedRatios ratios = new PairedRatios();
        assertThat(ratios.median()).isNaN();
        assertThat(ratios.low()).isNaN();
        for (int i = 1; i <= 5; i++) {
            ratios.add(i, 1);
            assertThat(ratios.low()).isEqualTo(1);
            assertThat(ratios.high()).isEqualTo(i);
        }
    }

    @Test
    void theIntervalCoversTheMedianAsOftenAsItSays() {
        final long seed = 7;
        final Random random = new Random(seed);
        int covered = 0;
        final int tries = 4_000;
        for (int i = 0; i < tries; i++) {
            final PairedRatios ratios = new PairedRatios();
            for (int pair = 0; pair < 20; pair++) {
                ratios.add(Math.exp(random.nextGaussian()), 1);
            }
            covered += ratios.low() <= 1 && ratios.high() >= 1 ? 1 : 0;
        }
        assertThat((double) covered / tries).as("seed %d", seed).isBetween(0.94, 0.98);
    }
}
