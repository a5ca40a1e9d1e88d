package io.millrace.test;

import io.millrace.metrics.NanoClock;

/** A clock that a test moves. Not thread safe. */
public final class VirtualClock implements NanoClock {
    private long now;

    /** A clock at {@code now} nanoseconds. */
    public VirtualClock(long now) {
        this.now = now;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** Moves on by so many nanoseconds. */
    public void advance(long ns) {
        now += ns;
    }
}
