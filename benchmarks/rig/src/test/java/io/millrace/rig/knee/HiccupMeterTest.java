package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HiccupMeterTest {
    @Test
    void theSeriesGoesOnWhenItsRoomIsFull() {
        final HiccupMeter.Series series = new HiccupMeter.Series(8);
        for (int i = 0; i < 100; i++) {
            series.add(i, 2L * i);
        }

        assertThat(series.count()).isEqualTo(100);
        assertThat(since(series, 97)).containsExactly("97 194", "98 196", "99 198");
        assertThat(since(series, 0)).hasSize(8).first().isEqualTo("92 184");
    }

    @Test
    void aMarkSelectsLaterWakeUps() {
        final HiccupMeter.Series series = new HiccupMeter.Series(8);
        series.add(1, 10);
        final long mark = series.count();
        series.add(2, 20);

        assertThat(since(series, mark)).containsExactly("2 20");
    }

    private static List<String> since(HiccupMeter.Series series, long mark) {
        final List<String> seen = new ArrayList<>();
        series.forEachSince(mark, (timeNs, lateNs) -> seen.add(timeNs + " " + lateNs));
        return seen;
    }
}
