package io.millrace.rig.knee;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sees the machine's own stalls: a thread that wants to run every millisecond and notes by how much it was late. A
 * pause that stalls this thread stalls the generator next to it and maybe the relay; no packet is involved.
 *
 * <p>As jHiccup does, a late wake-up also counts for the wake-ups that it made impossible. It runs until it is closed, and
 * remembers the last {@link #SERIES_LIMIT} wake-ups: over a quarter of an hour.
 */
final class HiccupMeter implements AutoCloseable {
    /** Wake-ups that are remembered. */
    static final int SERIES_LIMIT = 1 << 20;

    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);

    private final Thread thread;
    private final Series series;
    private volatile boolean running = true;

    /** Starts to measure. */
    HiccupMeter() {
        this(new Series(SERIES_LIMIT));
    }

    private HiccupMeter(Series series) {
        this.series = series;
        thread = Thread.ofPlatform().daemon().name("knee-hiccups").start(this::measure);
    }

    /** Where the series is now, to mark the start of a part. */
    long mark() {
        return series.count();
    }

    /** The lateness since {@code mark}, as far as it is remembered. */
    Histogram since(long mark) {
        final Histogram histogram = new Histogram(1, MAX_NS, 3);
        forEachSince(
                mark,
                (timeNs, lateNs) ->
                        histogram.recordValueWithExpectedInterval(Math.clamp(lateNs, 0, MAX_NS), PERIOD_NS));
        return histogram;
    }

    /** Visits every wake-up since {@code mark} that is remembered. */
    void forEachSince(long mark, Visitor visitor) {
        series.forEachSince(mark, visitor);
    }

    /** Ends the thread. */
    @Override
    public void close() {
        running = false;
        LockSupport.unpark(thread);
    }

    private void measure() {
        while (running) {
            final long due = System.nanoTime() + PERIOD_NS;
            LockSupport.parkNanos(PERIOD_NS);
            series.add(due, Math.max(0, System.nanoTime() - due));
        }
    }

    /** Records a wake-up. */
    @FunctionalInterface
    interface Visitor {
        /** It was due at {@code timeNs}, by {@link System#nanoTime()}, and {@code lateNs} late. */
        void wakeUp(long timeNs, long lateNs);
    }

    /** The last wake-ups, in a ring. One thread adds; any thread reads. */
    static final class Series {
        private final long[] times;
        private final long[] lates;
        private volatile long count;

        Series(int limit) {
            times = new long[limit];
            lates = new long[limit];
        }

        long count() {
            return count;
        }

        void add(long timeNs, long lateNs) {
            final long number = count;
            final int place = (int) (number % times.length);
            times[place] = timeNs;
            lates[place] = lateNs;
            count = number + 1; // publishes both
        }

        void forEachSince(long mark, Visitor visitor) {
            final long end = count;
            for (long i = Math.max(mark, end - times.length); i < end; i++) {
                final int place = (int) (i % times.length);
                visitor.wakeUp(times[place], lates[place]);
            }
        }
    }
}
