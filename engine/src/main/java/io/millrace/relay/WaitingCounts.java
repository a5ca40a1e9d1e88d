package io.millrace.relay;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Packets on the wheel by the place of their key epoch.
 *
 * <p>Threading: changed by the thread that owns the wheel, for which it is exact; read by any.
 */
final class WaitingCounts {
    private final AtomicIntegerArray counts = new AtomicIntegerArray(LiveEpochs.LIMIT);

    /** A packet of that epoch went onto the wheel. */
    void entered(int place) {
        counts.setOpaque(place, counts.getPlain(place) + 1);
    }

    /** A packet of that epoch left the wheel. */
    void left(int place) {
        counts.setOpaque(place, counts.getPlain(place) - 1);
    }

    /** Packets of that epoch on the wheel. */
    int count(int place) {
        return counts.getOpaque(place);
    }
}
