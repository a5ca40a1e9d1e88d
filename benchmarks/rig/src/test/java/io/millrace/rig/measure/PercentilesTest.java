package io.millrace.rig.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class PercentilesTest {
    @Test
    void areInTheOrderOfAReport() {
        final Histogram histogram = new Histogram(5);
        for (int value = 1; value <= 10_000; value++) {
            histogram.recordValue(value);
        }

        assertThat(Percentiles.of(histogram))
                .containsExactly(
                        entry("p50", 5_000L),
                        entry("p90", 9_000L),
                        entry("p99", 9_900L),
                        entry("p999", 9_990L),
                        entry("p9999", 9_999L),
                        entry("max", 10_000L));
    }

    @Test
    void areNothingOfNothing() {
        assertThat(Percentiles.of(new Histogram(3)).values()).containsOnly(0L);
    }
}
