package io.millrace.transfer;

/**
 * How many chunks may be on the way, and how close together they leave.
 *
 * <p>Grows by one per acknowledged chunk up to a threshold, beyond it by one per round trip, and shrinks to seven tenths
 * when chunks are lost, once per round trip however many were. Chunks leave at an even pace of one window per round trip,
 * a quarter faster so that the window and not the pace is the limit; after a pause at most {@link #BURST} at once.
 *
 * <p>Source: RFC 5681 section 3.1 for growth, RFC 9438 section 4.6 for the factor.
 */
final class CongestionWindow {
    static final int BURST = 8;

    private static final double FIRST = 16;
    private static final double LEAST = 4;
    private static final double SHRINK = 0.7;
    private static final double PACE = 1.25;

    private double window = FIRST;
    private double threshold = TransferMessage.WINDOW;
    private long shrunkNs;
    private long nextNs;

    CongestionWindow(long now) {
        this.shrunkNs = now - 1;
        this.nextNs = now;
    }

    /** Chunks that may be on the way, 4 to {@link TransferMessage#WINDOW}. */
    int limit() {
        return (int) window;
    }

    /** {@code count} chunks were acknowledged; {@code inFlight} were on the way before. */
    void acknowledged(int count, int inFlight) {
        if (inFlight < window / 2) {
            return; // the window is not what limits
        }
        window += window < threshold ? count : count / window;
        window = Math.min(window, TransferMessage.WINDOW);
    }

    /** Chunks were lost, the last of them sent at {@code sentNs}. */
    void lost(long sentNs, long now) {
        if (sentNs - shrunkNs > 0) {
            shrunkNs = now;
            threshold = Math.max(LEAST, window * SHRINK);
            window = threshold;
        }
    }

    /** When the next chunk may leave. */
    long nextNs() {
        return nextNs;
    }

    /** A chunk leaves now. */
    void sent(long now, long roundTripNs) {
        final long interval = (long) (roundTripNs / (window * PACE));
        final long earliest = now - BURST * interval;
        nextNs = (nextNs - earliest > 0 ? nextNs : earliest) + interval;
    }
}
