package io.millrace.crdt.op;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HybridClockTest {
    private long wallMs = 1000;
    private final HybridClock clock = new HybridClock(() -> wallMs, 50);

    @Test
    void followsTheWallClockAndCountsWithinAMillisecond() {
        assertThat(clock.tick()).isEqualTo(HybridTime.of(1000));
        assertThat(clock.tick()).isEqualTo(HybridTime.of(1000) + 1);
        wallMs = 1001;
        assertThat(clock.tick()).isEqualTo(HybridTime.of(1001));
    }

    @Test
    void goesBackWithTheWallClockAloneAndOnlyBeyondTheSkew() {
        final long before = clock.tick();
        wallMs = 960;
        assertThat(clock.tick()).isEqualTo(before + 1);
        wallMs = 10;
        assertThat(clock.tick()).isEqualTo(HybridTime.of(10));
        assertThat(clock.tick()).isEqualTo(HybridTime.of(10) + 1);
    }

    @Test
    void followsNoReadingThatIsTooFarAhead() {
        clock.observe(HybridTime.of(1051));
        clock.observe(Long.MAX_VALUE);

        assertThat(clock.tick()).isEqualTo(HybridTime.of(1000));
    }

    @Test
    void isLaterThanWhatItObservedBesideAReadingTooFarAhead() {
        clock.observe(HybridTime.of(1040));
        clock.observe(HybridTime.of(1051));

        assertThat(clock.tick()).isEqualTo(HybridTime.of(1040) + 1);
    }

    @Test
    void isLaterThanWhatItObserved() {
        clock.observe(HybridTime.of(1040) + 7);

        assertThat(clock.tick()).isEqualTo(HybridTime.of(1040) + 8);
    }

    @Test
    void aFullCounterCarriesIntoTheMilliseconds() {
        clock.observe(HybridTime.of(1001) - 1);

        assertThat(clock.tick()).isEqualTo(HybridTime.of(1001));
        assertThat(HybridTime.counter(HybridTime.of(1001) - 1)).isEqualTo(65_535);
    }

    @Test
    void believesNothingBeyondTheSkew() {
        assertThat(clock.isAhead(HybridTime.of(1050) + 65_535)).isFalse();
        assertThat(clock.isAhead(HybridTime.of(1051))).isTrue();
        assertThat(clock.isAhead(Long.MAX_VALUE)).isTrue();
    }
}
