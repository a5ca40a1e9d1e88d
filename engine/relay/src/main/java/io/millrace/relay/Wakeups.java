package io.millrace.relay;

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
final class Wakeups {
    private volatile Idler[] idlers = {};

    /** Lets the thread of {@code idler} be woken. */
    void add(Idler idler) {
        final Idler[] more = new Idler[idlers.length + 1];
        System.arraycopy(idlers, 0, more, 0, idlers.length);
        more[idlers.length] = idler;
        idlers = more;
    }

    /** Whether all threads sleep, or are about to. */
    boolean areAsleep() {
        for (Idler each : idlers) {
            if (!each.isAsleep()) {
                return false;
            }
        }
        return true;
    }

    /** Wakes all threads that sleep. */
    void ring() {
        VarHandle.fullFence();
        for (Idler each : idlers) {
            each.wake();
        }
    }
}
