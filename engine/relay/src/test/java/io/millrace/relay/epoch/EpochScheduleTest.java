package io.millrace.relay.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EpochScheduleTest {
    @Test
    void numbersFollowFromTheTimeAlone() {
        final EpochSchedule schedule = new EpochSchedule(1_000, 30_000, 5_000);

        assertThat(schedule.numberAt(1_000)).isZero();
        assertThat(schedule.numberAt(30_999)).isZero();
        assertThat(schedule.numberAt(31_000)).isEqualTo(1);
        assertThat(schedule.startMs(1)).isEqualTo(31_000);
        assertThat(schedule.endMs(1)).isEqualTo(schedule.startMs(2));
        assertThat(EpochSchedule.DEFAULT.numberAt(1_700_000_000_000L)).isEqualTo(1_416_666);
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.numberAt(999));
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.numberAt(EpochSchedule.MAX_TIME_MS + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.startMs(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> schedule.startMs(Long.MAX_VALUE));
    }

    @Test
    void anEpochAcceptsPackets30SecondsEarlyOrHalfTheOverlap() {
        assertThat(EpochSchedule.DEFAULT.earlyMs()).isEqualTo(30_000);
        assertThat(new EpochSchedule(0, 30_000, 5_000).earlyMs()).isEqualTo(2_500);
    }

    @Test
    void boundsItsValues() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EpochSchedule(-1, 30_000, 5_000));
        assertThatIllegalArgumentException().isThrownBy(() -> new EpochSchedule(0, 999, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> new EpochSchedule(0, 604_800_001, 100));
        assertThatIllegalArgumentException().isThrownBy(() -> new EpochSchedule(0, 30_000, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EpochSchedule(0, 30_000, 7_501));
    }

    @Test
    void theShortestEpochHoldsTwoOverlapsAndTwoLongestDelays() {
        assertThat(EpochSchedule.shortestLengthMs(120_000, 500_000_000L)).isEqualTo(480_000);
        assertThat(EpochSchedule.shortestLengthMs(100, 5_000_000_001L)).isEqualTo(10_202);
        new EpochSchedule(0, 10_202, 100).requireFor(5_000_000_001L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EpochSchedule(0, 10_201, 100).requireFor(5_000_000_001L))
                .withMessageContaining("shortest=10202");
    }
}
