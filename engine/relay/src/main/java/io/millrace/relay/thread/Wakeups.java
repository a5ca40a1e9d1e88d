package io.millrace.relay.thread;

import java.lang.invoke.VarHandle;

/**
 * Wakes engine threads that sleep for long because nothing has happened for a while. A thread that has done work, or the
 * application after it has handed a packet over, rings: that costs a fence and a read per thread, and a system call only for
 * a thread that sleeps.
 *
 * <p>No ring is missed: a thread announces its sleep before it looks for work a last time, and rings follow the work.
 *
 * <p>Threading: {@link #add} before any thread starts, {@link #ring()} by any thread. Allocates nothing.
 */
public final class Wakeups {
    private volatile EngineIdleStrategy[] strategies = {};

    /** Lets the thread of {@code strategy} be woken. */
    public void add(EngineIdleStrategy strategy) {
        final EngineIdleStrategy[] more = new EngineIdleStrategy[strategies.length + 1];
        System.arraycopy(strategies, 0, more, 0, strategies.length);
        more[strategies.length] = strategy;
        strategies = more;
    }

    /** Whether all threads sleep, or are about to. */
    public boolean areAsleep() {
        for (EngineIdleStrategy each : strategies) {
            if (!each.isAsleep()) {
                return false;
            }
        }
        return true;
    }

    /** Wakes all threads that sleep. */
    public void ring() {
        VarHandle.fullFence();
        for (EngineIdleStrategy each : strategies) {
            each.wake();
        }
    }
}
