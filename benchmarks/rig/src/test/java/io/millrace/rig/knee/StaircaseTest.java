package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaircaseTest {
    private static final double STEP = 0.03;
    private static final int TRIALS = 14;

    @ParameterizedTest
    @ValueSource(doubles = {8_000, 9_000, 9_999, 10_000, 10_001, 11_000, 13_000})
    void findsAFirmEdgeWithinAStepFromNearIt(double limit) throws Exception {
        final double found = Staircase.highest(rate -> rate <= limit, 10_000, 1e6, STEP, TRIALS);

        assertThat(found).isLessThanOrEqualTo(limit).isGreaterThan(limit / (1 + 2 * STEP));
    }

    @Test
    void isNotHeldDownByFailuresThatHaveNothingToDoWithTheRate() throws Exception {
        final long seed = new Random().nextLong();
        final Random random = new Random(seed);
        int close = 0;
        for (int i = 0; i < 1_000; i++) {
            final int[] trial = {0};
            final double found = Staircase.highest(
                    rate -> trial[0]++ >= 3 && random.nextInt(10) > 0 && rate <= 10_000, 10_000, 1e6, STEP, TRIALS);
            close += found > 8_500 ? 1 : 0;
        }

        assertThat(close).as("seed " + seed).isGreaterThan(900);
    }

    @Test
    void returnsOnlyARateThatPassed() throws Exception {
        final long seed = new Random().nextLong();
        final Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            final List<Double> passed = new ArrayList<>();
            final double found = Staircase.highest(
                    rate -> {
                        final boolean passes = random.nextBoolean();
                        if (passes) {
                            passed.add(rate);
                        }
                        return passes;
                    },
                    10_000,
                    12_000,
                    STEP,
                    TRIALS);

            assertThat(passed).as("seed " + seed).contains(found);
        }
    }

    @Test
    void endsAtTheHighestRateThatCanBeOffered() throws Exception {
        assertThat(Staircase.highest(rate -> true, 1_000, 1_100, STEP, TRIALS)).isEqualTo(1_100);
    }

    @Test
    void goesOnDownUntilOnePasses() throws Exception {
        final double found = Staircase.highest(rate -> rate <= 200, 1_000, 1e6, STEP, 4);

        assertThat(found).isLessThanOrEqualTo(200).isGreaterThan(170);
    }

    @Test
    void saysZeroWhereNothingPasses() throws Exception {
        assertThat(Staircase.highest(rate -> false, 8_000, 1e6, STEP, TRIALS)).isZero();
    }
}
