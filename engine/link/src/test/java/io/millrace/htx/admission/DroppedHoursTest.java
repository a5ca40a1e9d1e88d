package io.millrace.htx.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An hour that was dropped stays dropped. */
class DroppedHoursTest {
    @Test
    void anHourInTheGapOfTwoJoinedRunsHidesNone() {
        final DroppedHours dropped = new DroppedHours();
        dropped.add(0);
        dropped.add(3);
        for (int i = 1; i < DroppedHours.RUNS; i++) {
            dropped.add(10L * i); // the last one joins the nearest runs, 0 and 3
        }
        assertThat(dropped.contains(2)).as("joined").isTrue();

        dropped.add(1);

        for (long hour = 0; hour <= 3; hour++) {
            assertThat(dropped.contains(hour)).as("hour %d", hour).isTrue();
        }
        assertThat(dropped.contains(4)).isFalse();
    }
}
