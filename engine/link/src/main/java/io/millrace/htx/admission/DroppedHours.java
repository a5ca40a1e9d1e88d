package io.millrace.htx.admission;

import java.util.Map;
import java.util.TreeMap;

/**
 * Hours whose tickets were dropped, as runs of hours. Beyond {@link #RUNS} runs the two with the smallest gap become one,
 * the gap included.
 */
final class DroppedHours {
    static final int RUNS = 1_024;

    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    boolean contains(long hour) {
        final Map.Entry<Long, Long> run = lastByFirst.floorEntry(hour);
        return run != null && run.getValue() >= hour;
    }

    /** Adds an hour. */
    void add(long hour) {
        if (contains(hour)) { // of a gap between two runs that were joined
            return;
        }
        long first = hour;
        long last = hour;
        final Map.Entry<Long, Long> before = lastByFirst.floorEntry(hour);
        if (before != null && before.getValue() == hour - 1) {
            first = before.getKey();
        }
        final Long after = lastByFirst.remove(hour + 1);
        if (after != null) {
            last = after;
        }
        lastByFirst.put(first, last);
        if (lastByFirst.size() > RUNS) {
            joinTheNearest();
        }
    }

    private void joinTheNearest() {
        Map.Entry<Long, Long> previous = null;
        Map.Entry<Long, Long> left = null;
        long right = 0;
        long least = Long.MAX_VALUE;
        for (Map.Entry<Long, Long> run : lastByFirst.entrySet()) {
            if (previous != null && run.getKey() - previous.getValue() < least) {
                least = run.getKey() - previous.getValue();
                left = previous;
                right = run.getKey();
            }
            previous = run;
        }
        lastByFirst.put(left.getKey(), lastByFirst.remove(right));
    }
}
