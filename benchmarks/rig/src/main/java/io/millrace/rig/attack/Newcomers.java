package io.millrace.rig.attack;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Honest clients that come one after the other. Each has its session when its {@link Visitor} says so; a client that is
 * refused tries again until its patience is over.
 */
final class Newcomers implements Runnable, AutoCloseable {
    /** Time in which a newcomer is to have its session. */
    static final Duration WANTED = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST = 10_000;

    private final Visitor visitor;
    private final long intervalNs;
    private final long[] tookNs = new long[MOST];
    private int count;
    private int retries;
    private volatile boolean stopped;

    /** One try of one newcomer. Belongs to the thread of the newcomers. */
    interface Visitor extends AutoCloseable {
        /**
         * Tries to get in, for {@link #WANTED} at the most.
         *
         * @return whether there is a session.
         * @throws IOException if it was refused.
         */
        boolean visit() throws IOException;

        @Override
        void close();
    }

    /**
     * Makes clients.
     *
     * @param visitor closed with this.
     * @param intervalNs from one to the next.
     */
    Newcomers(Visitor visitor, long intervalNs) {
        this.visitor = visitor;
        this.intervalNs = intervalNs;
    }

    /** Starts a thread that sends newcomers until {@link #stop}. */
    Thread begin() {
        stopped = false;
        return Thread.ofVirtual().start(this);
    }

    /** Sends newcomers until {@link #stop}. */
    @Override
    public void run() {
        long dueNs = System.nanoTime();
        while (!stopped && count < MOST) {
            LockSupport.parkNanos(dueNs - System.nanoTime());
            dueNs = Math.max(dueNs + intervalNs, System.nanoTime());
            final long startNs = System.nanoTime();
            enter(startNs);
            tookNs[count++] = System.nanoTime() - startNs;
        }
    }

    void stop() {
        stopped = true;
    }

    private void enter(long startNs) {
        while (System.nanoTime() - startNs < PATIENCE.toNanos()) {
            try {
                if (visitor.visit()) {
                    return;
                }
            } catch (IOException e) {
                retries++; // refused: comes again
            }
        }
    }

    /** Newcomers so far; after {@link #run}. */
    int count() {
        return count;
    }

    /** Refusals after which a newcomer came again. */
    int retries() {
        return retries;
    }

    /** Newcomers that had their session within {@link #WANTED}. */
    int inTime() {
        return (int) Arrays.stream(tookNs, 0, count)
                .filter(ns -> ns <= WANTED.toNanos())
                .count();
    }

    /** Newcomers that had no session when their patience ended. */
    int never() {
        return (int) Arrays.stream(tookNs, 0, count)
                .filter(ns -> ns >= PATIENCE.toNanos())
                .count();
    }

    /** 99th percentile of their times in microseconds; 0 without newcomers. */
    long p99Us() {
        if (count == 0) {
            return 0;
        }
        final long[] sorted = Arrays.copyOf(tookNs, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(count * 0.99) - 1)] / 1_000;
    }

    @Override
    public void close() {
        stop();
        visitor.close();
    }
}
