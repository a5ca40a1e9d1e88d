package io.millrace.endpoint;

import io.millrace.metrics.NanoClock;
import io.millrace.thread.ThreadEnd;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The clock of an endpoint: one daemon thread that calls whatever is due, and sleeps until the next is. It never blocks on a
 * socket and runs no code of a caller. One that throws is reported and taken out; the others go on.
 */
final class Deadlines implements AutoCloseable {
    /** Longest sleep. */
    private static final long FAR_NS = TimeUnit.HOURS.toNanos(1);

    /** Shortest time between two calls of one that is due again at once. */
    private static final long LEAST_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Time to the next look after one that failed. */
    private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Something that wants to be called at a time. */
    interface Timed {
        /** When, on the endpoint's clock; read by the clock's thread at any time. */
        long dueNs();

        /** That time has come. Does not block. */
        void onDue(long nowNs);
    }

    private final NanoClock clock;
    private final Failures failures;
    private final Set<Timed> all = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile long wakeNs;
    private volatile boolean closing;

    Deadlines(NanoClock clock, Failures failures) {
        this.clock = clock;
        this.failures = failures;
        this.wakeNs = clock.nanoTime() + FAR_NS;
        this.thread = Thread.ofPlatform().name("htx-clock").daemon().start(this::run);
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    /** Calls {@code timed} from now on when it is due. */
    void add(Timed timed) {
        final long dueNs = timed.dueNs(); // the clock's thread may call it as soon as it is in the set
        all.add(timed);
        moved(dueNs);
    }

    void remove(Timed timed) {
        all.remove(timed);
    }

    /** Says that one is due at {@code dueNs} now, perhaps earlier than before. */
    void moved(long dueNs) {
        // The clock's own thread asks each one again when it has called it.
        if (Thread.currentThread() != thread && dueNs - wakeNs < 0) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closing) {
            final long nowNs = clock.nanoTime();
            // Until the next time is known, one that moves wakes this thread.
            wakeNs = nowNs + FAR_NS;
            final long next = contained(nowNs);
            wakeNs = next;
            if (!closing) {
                LockSupport.parkNanos(Math.max(LEAST_NS, next - clock.nanoTime()));
            }
        }
    }

    /** No memory, for instance: looks again soon, for nothing else watches the endpoint's deadlines. */
    private long contained(long nowNs) {
        try {
            return callDue(nowNs);
        } catch (Throwable e) {
            failures.report(e);
            return nowNs + AGAIN_NS;
        }
    }

    private long callDue(long nowNs) {
        long next = nowNs + FAR_NS;
        for (Iterator<Timed> timed = all.iterator(); timed.hasNext(); ) {
            final Timed each = timed.next();
            try {
                if (nowNs - each.dueNs() >= 0) {
                    each.onDue(nowNs);
                }
                final long due = each.dueNs();
                next = due - next < 0 ? due : next;
            } catch (Throwable e) { // whatever it is, the others go on
                timed.remove();
                failures.report(e);
            }
        }
        return next;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }
}
