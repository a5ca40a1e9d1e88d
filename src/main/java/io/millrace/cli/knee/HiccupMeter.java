package io.millrace.cli.knee;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sees the machine's own stalls: a thread that wants to run every millisecond and notes by how much it was late. What
 * stalls this thread, stalls the generator beside it and maybe the relay; no packet is involved.
 *
 * <p>As jHiccup does, a late wake-up also counts for the wake-ups that it made impossible.
 */
final class HiccupMeter implements AutoCloseable {
    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int SERIES_LIMIT = 1 << 20;

    private final Thread thread;
    private final long[] times = new long[SERIES_LIMIT];
    private final long[] lates = new long[SERIES_LIMIT];
    private volatile int count;
    private volatile boolean running = true;

    /** Starts to measure. */
    HiccupMeter() {
        thread = Thread.ofPlatform().daemon().name("knee-hiccups").start(this::measure);
    }

    /** Where the series stands now, to mark the start of a part. */
    int mark() {
        return count;
    }

    /** The lateness since {@code mark}. */
    Histogram since(int mark) {
        final Histogram histogram = new Histogram(1, MAX_NS, 3);
        final int end = count;
        for (int i = mark; i < end; i++) {
            histogram.recordValueWithExpectedInterval(Math.clamp(lates[i], 0, MAX_NS), PERIOD_NS);
        }
        return histogram;
    }

    /** When wake-up {@code index} was due; {@code System.nanoTime}. */
    long timeNs(int index) {
        return times[index];
    }

    /** How late wake-up {@code index} was. */
    long lateNs(int index) {
        return lates[index];
    }

    /** Ends the thread. */
    @Override
    public void close() {
        running = false;
        LockSupport.unpark(thread);
    }

    private void measure() {
        for (int i = 0; running && i < SERIES_LIMIT; i++) {
            final long due = System.nanoTime() + PERIOD_NS;
            LockSupport.parkNanos(PERIOD_NS);
            times[i] = due;
            lates[i] = Math.max(0, System.nanoTime() - due);
            count = i + 1; // publishes both
        }
    }
}
