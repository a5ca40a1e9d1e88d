package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrendTest {
    private static final int PACKETS = 100_000;
    private static final long SEED = 20_261_129;

    @Test
    void aQueueThatGrowsIsSeen() {
        // 60 ms in the whole interval, on half a millisecond that comes and goes.
        final Trend trend = Trend.of(latencies(index -> 60_000_000L * index / PACKETS));

        assertThat(trend.grows()).as("seed %d: %s", SEED, trend).isTrue();
        assertThat((double) trend.growthNs()).isCloseTo(60e6, within(3e6));
    }

    @Test
    void aQueueThatComesAndGoesIsNotGrowth() {
        final Trend trend = Trend.of(latencies(index -> 0));

        assertThat(trend.grows()).as("seed %d: %s", SEED, trend).isFalse();
    }

    @Test
    void stallsAreNotGrowth() {
        // The second half has a tenth of the time 20 ms more.
        final Trend trend =
                Trend.of(latencies(index -> index > PACKETS / 2 && index / 1_000 % 10 == 0 ? 20_000_000 : 0));

        assertThat(trend.grows()).as("seed %d: %s", SEED, trend).isFalse();
    }

    @Test
    void aBusySpellIsNotGrowth() {
        // 5 ms more in a quarter of the interval, near its end.
        final Trend trend =
                Trend.of(latencies(index -> index > 0.7 * PACKETS && index < 0.95 * PACKETS ? 5_000_000 : 0));

        assertThat(trend.grows()).as("seed %d: %s", SEED, trend).isFalse();
    }

    @Test
    void aLatencyThatFallsIsNotGrowth() {
        assertThat(Trend.of(latencies(index -> 60_000_000L * (PACKETS - index) / PACKETS))
                        .grows())
                .isFalse();
    }

    @Test
    void fewPacketsTellNothing() {
        assertThat(Trend.of(new long[] {1, 2, 3_000_000_000L}).grows()).isFalse();
        assertThat(Trend.of(new long[0]).grows()).isFalse();
    }

    private interface Extra {
        long ns(int index);
    }

    private static long[] latencies(Extra extra) {
        final SplittableRandom random = new SplittableRandom(SEED);
        final long[] latencies = new long[PACKETS];
        Arrays.setAll(latencies, index -> 300_000 + random.nextLong(500_000) + extra.ns(index));
        return latencies;
    }
}
