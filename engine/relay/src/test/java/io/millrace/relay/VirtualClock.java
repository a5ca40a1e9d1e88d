package io.millrace.relay;

import io.millrace.metrics.NanoClock;

/** A clock that a test moves. */
final class VirtualClock implements NanoClock {
    private long now;

    VirtualClock(long now) {
        this.now = now;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    void advance(long ns) {
        now += ns;
    }
}
