package io.millrace.rig.explain;

import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * When packets left late one after another: the image of a queue while a backlog drains.
 *
 * <p>The recording is cut into windows of 5 ms. A packet is late in this sense if it took longer than half again the
 * median, and than the median and twice the distance from there to the upper quartile: a queue that is saturated all the
 * time is not late by this measure, however long its packets take. A window is elevated if most of the sampled packets
 * that left in it are late. A run is what lies between a window that is not elevated and the present, if every window in
 * between is elevated, or empty because a thread of the relay was stopped. It is followed back over a second of windows
 * that are not empty: what lasts longer is no after-effect.
 *
 * <p>Takes eight bytes per window. Not thread safe.
 */
final class BacklogRuns {
    /** Length of a window in nanoseconds. */
    static final long WINDOW_NS = 5_000_000;

    private static final int WINDOWS_MAX = 200;
    private static final double HALF_AGAIN = 1.5;

    private final long fromNs;
    private final long lateNs;
    private final long elevationNs;
    private final int[] late;
    private final int[] all;

    /**
     * No packet yet.
     *
     * @param latencies times in the relay of all that will be added.
     * @param time from when the first of them left until the last did.
     */
    BacklogRuns(Histogram latencies, Span time) {
        final long median = latencies.getValueAtPercentile(50);
        final long quartile = latencies.getValueAtPercentile(75);
        fromNs = time.from();
        lateNs = Math.max((long) (HALF_AGAIN * median), median + 2 * (quartile - median));
        elevationNs = lateNs - median;
        late = new int[Math.toIntExact(time.lengthNs() / WINDOW_NS) + 1];
        all = new int[late.length];
    }

    /** Counts a packet that left at {@code leftNs} and took {@code relayNs} without its delay. */
    void add(long leftNs, long relayNs) {
        final int window = window(leftNs);
        all[window]++;
        late[window] += relayNs > lateNs ? 1 : 0;
    }

    /** How much later than the median a packet is at least that is late, in nanoseconds. */
    long elevationNs() {
        return elevationNs;
    }

    /**
     * A run up to a moment.
     *
     * @param beginning the last window before it, the empty ones after it, and its first elevated window: its
     *     cause was under way then.
     * @param whole the same and the rest, until that moment.
     */
    record Run(Span beginning, Span whole) {}

    /**
     * The run in which a packet left.
     *
     * @param stoodStill whether a thread of the relay was stopped for some of a window.
     * @return null if it left in no run, or in one that is too long to have a beginning.
     */
    Run until(long leftNs, Predicate<Span> stoodStill) {
        int window = window(leftNs);
        int first = window;
        for (int elevated = 0; window >= 0; window--) {
            if (isElevated(window)) {
                first = window;
                if (++elevated > WINDOWS_MAX) {
                    return null;
                }
            } else if (all[window] > 0 || !stoodStill.test(new Span(begin(window), begin(window + 1)))) {
                break;
            }
        }
        if (!isElevated(first)) {
            return null;
        }
        final long from = begin(Math.max(0, window));
        return new Run(new Span(from, Math.min(leftNs, begin(first + 1))), new Span(from, leftNs));
    }

    private boolean isElevated(int window) {
        return 2 * late[window] > all[window];
    }

    private long begin(int window) {
        return fromNs + window * WINDOW_NS;
    }

    private int window(long ns) {
        return Math.clamp((ns - fromNs) / WINDOW_NS, 0, late.length - 1);
    }
}
