package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {
    @ParameterizedTest
    @ValueSource(doubles = {130, 8_000, 8_001, 31_000, 77_777, 99_999})
    void findsALimitWithinTheResolution(double limit) throws Exception {
        final double found = RateSearch.highest(rate -> rate <= limit, 8_000, 1e6, 0.02);

        assertThat(found).isLessThanOrEqualTo(limit).isGreaterThan(limit / 1.03);
    }

    @Test
    void returnsOnlyARateThatPassed() throws Exception {
        final List<Double> passed = new ArrayList<>();
        final double found = RateSearch.highest(
                rate -> {
                    final boolean passes = rate < 50_000;
                    if (passes) {
                        passed.add(rate);
                    }
                    return passes;
                },
                1_000,
                1e6,
                0.01);

        assertThat(passed).contains(found);
    }

    @Test
    void endsAtTheHighestRateThatCanBeOffered() throws Exception {
        assertThat(RateSearch.highest(rate -> true, 1_000, 12_345, 0.01)).isEqualTo(12_345);
    }

    @Test
    void saysZeroWhereNothingPasses() throws Exception {
        assertThat(RateSearch.highest(rate -> false, 8_000, 1e6, 0.01)).isZero();
    }
}
