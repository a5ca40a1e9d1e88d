package io.millrace.rig.attack;

import io.millrace.thread.ThreadEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Threads that use a given share of the processors for nothing, in pieces of at most a millisecond. */
final class Burner implements AutoCloseable {
    private static final int THREADS = 2;
    private static final long PERIOD_NS = 1_000_000;

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /**
     * Makes the threads.
     *
     * @param processors processor seconds to use in each second, 0 to {@value #THREADS}.
     */
    Burner(double processors) {
        final long spinNs = Math.min(PERIOD_NS, (long) (PERIOD_NS * processors / THREADS));
        for (int i = 0; i < THREADS && spinNs > 0; i++) {
            threads.add(Thread.ofPlatform().name("burner").daemon().unstarted(() -> burn(spinNs)));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Spins for a part of each period; a period that was missed is made up for by the ones that follow. */
    private void burn(long spinNs) {
        long dueNs = System.nanoTime();
        while (!stopped) {
            final long untilNs = System.nanoTime() + spinNs;
            while (System.nanoTime() - untilNs < 0) {
                Thread.onSpinWait();
            }
            dueNs += PERIOD_NS;
            LockSupport.parkNanos(dueNs - System.nanoTime());
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(ThreadEnd::await);
    }
}
