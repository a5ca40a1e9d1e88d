package io.millrace.relay;

import io.millrace.config.WaitMode;
import java.util.concurrent.locks.LockSupport;

/** What one engine thread does between two rounds without work. Not thread safe: one per thread. */
final class Idler {
    private static final int SPINS = 200;
    private static final int YIELDS = 20;
    private static final long MIN_PARK_NS = 1_000;

    private final WaitMode mode;
    private final long maxParkNs;
    private int idleRounds;
    private long parkNs = MIN_PARK_NS;

    /**
     * Creates an idler.
     *
     * @param maxParkNs longest park in nanoseconds, for {@link WaitMode#BACKOFF}.
     */
    Idler(WaitMode mode, long maxParkNs) {
        this.mode = mode;
        this.maxParkNs = Math.max(MIN_PARK_NS, maxParkNs);
    }

    /** Waits a little if the round did no work, longer the more such rounds there were. */
    @SuppressWarnings("ThreadPriorityCheck") // yielding is what the mode is about
    void idle(int workCount) {
        if (workCount > 0) {
            idleRounds = 0;
            parkNs = MIN_PARK_NS;
            return;
        }
        switch (mode) {
            case BUSY_SPIN -> Thread.onSpinWait();
            case YIELDING -> Thread.yield();
            case BACKOFF -> backOff();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private void backOff() {
        idleRounds++;
        if (idleRounds < SPINS) {
            Thread.onSpinWait();
        } else if (idleRounds < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(parkNs);
            parkNs = Math.min(parkNs * 2, maxParkNs);
        }
    }
}
