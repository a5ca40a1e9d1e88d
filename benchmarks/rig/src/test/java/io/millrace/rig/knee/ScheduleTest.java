package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final int PACKETS = 100_000;

    @Test
    void evenPacketsAreEquallyFarApart() {
        final Schedule schedule = Schedule.even(PACKETS);

        assertThat(schedule.offsetNs(10, 11, 1_000)).isEqualTo(1_000_000);
        assertThat(schedule.offsetNs(10, 110, 1_000)).isEqualTo(100_000_000);
    }

    @Test
    void poissonPacketsHaveTheRateAndGapsWithoutMemory() {
        final Schedule schedule = Schedule.poisson(PACKETS, 1);
        final double rate = 1_000;
        int longer = 0;
        for (int i = 1; i < PACKETS; i++) {
            if (schedule.offsetNs(i - 1, i, rate) > 1_000_000) {
                longer++;
            }
        }

        assertThat(schedule.offsetNs(0, PACKETS - 1, rate) / 1e9).isCloseTo(100, within(2.0));
        // A gap is longer than the mean with probability 1 / e.
        assertThat((double) longer / PACKETS).isCloseTo(1 / Math.E, within(0.01));
    }
}
