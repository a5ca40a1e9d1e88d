package io.millrace.relay.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One thread's latency histograms, one per stage: recorded by that thread without allocation but for the first value,
 * read from anywhere.
 *
 * <p>Values are nanoseconds from 0 to 60 s at 3 significant digits; larger ones count as 60 s. A thread that never
 * records costs no memory; one that does, a quarter of a megabyte per stage.
 *
 * <p>Why not {@code SingleWriterRecorder} of HdrHistogram: it pays two locked additions a value to give readers a consistent
 * interval, at eight values a packet. Readers here may miss values of the last nanoseconds, which the next reading has. The
 * buckets are those of {@link Histogram} with 3 digits, so that percentiles are the same.
 */
public final class LatencyRecorder {
    private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;

    /** Significant bits of a value that has 3 digits: buckets are equally wide between two powers of two. */
    private static final int HALF_BITS = 10;

    private static final int SHIFT_ZERO = Long.SIZE - HALF_BITS - 1;
    private static final int BUCKETS = bucket(MAX_NS) + 1;
    private static final VarHandle COUNT =
            MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    private final int stageCount;
    private volatile long[][] published;
    private long[][] counts; // the owning thread's copy of the field above
    private long[][] forgotten; // as of the last reset; guarded by this

    /**
     * Creates empty histograms for {@code stageCount} stages.
     *
     * @param stageCount 1 or more.
     */
    public LatencyRecorder(int stageCount) {
        this.stageCount = stageCount;
    }

    /** An empty histogram of the range that stages have. */
    public static Histogram newHistogram() {
        return new Histogram(1, MAX_NS, DIGITS);
    }

    /**
     * Records one value; only by the owning thread.
     *
     * @param stage 0 to the number of stages - 1.
     * @param ns in nanoseconds, 0 or more.
     */
    public void record(int stage, long ns) {
        if (counts == null) {
            allocate();
        }
        final long[] own = counts[stage];
        final int bucket = bucket(Math.clamp(ns, 0, MAX_NS));
        COUNT.setOpaque(own, bucket, own[bucket] + 1); // one writer
    }

    /**
     * Adds all that was recorded so far for {@code stage} to {@code target}. Any thread.
     *
     * @param target receives the counts; of at least the range and digits of {@link #newHistogram()}.
     * @param stage 0 to the number of stages - 1.
     */
    public synchronized void addTo(Histogram target, int stage) {
        final long[][] seen = published;
        if (seen == null) {
            return;
        }
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            final long count =
                    (long) COUNT.getOpaque(seen[stage], bucket) - (forgotten == null ? 0 : forgotten[stage][bucket]);
            if (count != 0) {
                target.recordValueWithCount(value(bucket), count);
            }
        }
    }

    /** Forgets all that was recorded so far, for instance while the JIT compiler was warming up. Any thread. */
    public synchronized void reset() {
        final long[][] seen = published;
        if (seen != null) {
            final long[][] before = new long[stageCount][BUCKETS];
            for (int stage = 0; stage < stageCount; stage++) {
                for (int bucket = 0; bucket < BUCKETS; bucket++) {
                    before[stage][bucket] = (long) COUNT.getOpaque(seen[stage], bucket);
                }
            }
            forgotten = before;
        }
    }

    private void allocate() {
        final long[][] made = new long[stageCount][BUCKETS];
        counts = made;
        published = made;
    }

    /** Values below 2,048 have a bucket each; above, 1,024 buckets for each power of two. */
    private static int bucket(long ns) {
        final int shift = Math.max(0, SHIFT_ZERO - Long.numberOfLeadingZeros(ns));
        return (shift << HALF_BITS) + (int) (ns >>> shift);
    }

    /** The lowest value of a bucket. */
    private static long value(int bucket) {
        final int shift = Math.max(0, (bucket >> HALF_BITS) - 1);
        return (long) (bucket - (shift << HALF_BITS)) << shift;
    }
}
