package io.millrace.relay.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkClockTest {
    private static final long START_MS = 1_800_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;

    private long monotonicNs = -5;
    private long wallErrorMs;
    private final NetworkClock clock = new NetworkClock(() -> START_MS + elapsedMs() + wallErrorMs, () -> monotonicNs);

    @ParameterizedTest
    @ValueSource(longs = {1_000, 3_600_000, 86_400_000, 40L * 86_400_000, -1_000, -3_600_000, -86_400_000})
    void oneWrongReadingChangesNothing(long jumpMs) {
        run(100);
        wallErrorMs = jumpMs;
        run(10);
        wallErrorMs = 0;
        for (int second = 0; second < 1_000; second++) {
            run(1);
            assertThat(clock.nowMs()).isEqualTo(START_MS + elapsedMs());
        }
        assertThat(clock.skewMs()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600_000, 86_400_000, 40L * 86_400_000, -3_600_000, -86_400_000, -START_MS})
    void aWallClockThatJumpsFarAndStaysIsReportedAndNotFollowed(long jumpMs) {
        final EpochSchedule schedule = new EpochSchedule(0, 30_000, 5_000);
        run(100);
        wallErrorMs = jumpMs;
        long epoch = schedule.numberAt(clock.nowMs());
        for (int i = 0; i < 1_000; i++) {
            run(10);
            final long now = schedule.numberAt(clock.nowMs());
            assertThat(now).isBetween(epoch, epoch + 1);
            epoch = now;
        }

        assertThat(clock.nowMs()).isEqualTo(START_MS + elapsedMs());
        assertThat(clock.skewMs()).isEqualTo(jumpMs);
    }

    @ParameterizedTest
    @ValueSource(longs = {5_000, -5_000, 59_000, -59_000})
    void aSmallErrorIsSlewedSlowly(long errorMs) {
        run(100);
        wallErrorMs = errorMs;
        run(100);
        final long before = clock.nowMs();
        run(1_000);
        final long slewed = clock.nowMs() - before - 1_000_000;
        assertThat(Math.abs(slewed)).isBetween(490L, 501L);

        run(200_000);
        assertThat(clock.nowMs()).isBetween(START_MS + elapsedMs() + errorMs - 1, START_MS + elapsedMs() + errorMs + 1);
        assertThat(clock.skewMs()).isBetween(-1L, 1L);
    }

    @Test
    void neverGoesBackAndNeverRunsMoreThan500MillionthsFast() {
        final long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        long last = clock.nowMs();
        for (int i = 0; i < 100_000; i++) {
            final long stepMs = random.nextLong(1, 5_000);
            wallErrorMs = random.nextInt(10) == 0 ? random.nextLong(-100_000_000, 100_000_000) : wallErrorMs;
            monotonicNs += stepMs * 1_000_000;
            clock.observe();
            final long now = clock.nowMs();
            assertThat(now - last)
                    .as("seed=" + seed + ", step=" + i)
                    .isBetween(stepMs - stepMs / 2_000 - 2, stepMs + stepMs / 2_000 + 2);
            last = now;
        }
    }

    @Test
    void theTimeSinceTheLastCallCountsWhenAWallClockIsReadLate() {
        run(100);
        wallErrorMs = 10_000;
        monotonicNs += 3_600 * SECOND_NS; // no question for an hour: one reading only
        clock.observe();

        assertThat(clock.nowMs()).isEqualTo(START_MS + elapsedMs());
    }

    @Test
    void refusesAWallClockBefore1970() {
        assertThatIllegalArgumentException().isThrownBy(() -> new NetworkClock(() -> -1, () -> 0));
    }

    /** Lets seconds pass, one call a second. */
    private void run(int seconds) {
        for (int i = 0; i < seconds; i++) {
            monotonicNs += SECOND_NS;
            clock.observe();
        }
    }

    private long elapsedMs() {
        return Math.floorDiv(monotonicNs + 5, 1_000_000L);
    }
}
