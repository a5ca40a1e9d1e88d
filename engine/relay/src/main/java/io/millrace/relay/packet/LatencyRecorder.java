package io.millrace.relay.packet;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * One thread's latency histograms, one per stage: recorded by that thread without allocation but for the first value,
 * read from anywhere.
 *
 * <p>Values are nanoseconds from 0 to 60 s at 3 significant digits; larger ones count as 60 s. A thread that never
 * records costs no memory; one that does, half a megabyte per stage.
 */
public final class LatencyRecorder {
    private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;

    private final int stageCount;
    private volatile SingleWriterRecorder[] published;
    private SingleWriterRecorder[] recorders; // the owning thread's copy of the field above
    private Histogram[] intervals;
    private Histogram[] totals;

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
        if (recorders == null) {
            allocate();
        }
        recorders[stage].recordValue(Math.clamp(ns, 0, MAX_NS));
    }

    /**
     * Adds all that was recorded so far for {@code stage} to {@code target}. Any thread.
     *
     * @param target receives the counts.
     * @param stage 0 to the number of stages - 1.
     */
    public synchronized void addTo(Histogram target, int stage) {
        final SingleWriterRecorder[] seen = published;
        if (seen == null) {
            return;
        }
        if (totals == null) {
            intervals = new Histogram[stageCount];
            totals = new Histogram[stageCount];
        }
        if (totals[stage] == null) {
            totals[stage] = newHistogram();
        }
        intervals[stage] = seen[stage].getIntervalHistogram(intervals[stage]);
        totals[stage].add(intervals[stage]);
        target.add(totals[stage]);
    }

    /** Forgets all that was recorded so far, for instance while the JIT compiler was warming up. Any thread. */
    public synchronized void reset() {
        final SingleWriterRecorder[] seen = published;
        if (seen != null) {
            for (SingleWriterRecorder recorder : seen) {
                recorder.reset();
            }
            totals = null;
            intervals = null;
        }
    }

    private void allocate() {
        final SingleWriterRecorder[] made = new SingleWriterRecorder[stageCount];
        for (int stage = 0; stage < stageCount; stage++) {
            made[stage] = new SingleWriterRecorder(1, MAX_NS, DIGITS);
        }
        recorders = made;
        published = made;
    }
}
