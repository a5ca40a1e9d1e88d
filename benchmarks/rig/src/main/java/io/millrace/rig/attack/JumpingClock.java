package io.millrace.rig.attack;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The system's wall clock, which is a day ahead for 100 ms of each second while it {@linkplain #jump jumps}. */
final class JumpingClock implements InstantSource {
    private static final int WRONG_MS = 100;
    private static final int PERIOD_MS = 1_000;

    private volatile boolean jumping;

    /** Whether it jumps from now on. */
    void jump(boolean wanted) {
        jumping = wanted;
    }

    @Override
    public Instant instant() {
        final Instant now = Instant.now();
        return jumping && now.toEpochMilli() % PERIOD_MS < WRONG_MS ? now.plus(Duration.ofDays(1)) : now;
    }
}
