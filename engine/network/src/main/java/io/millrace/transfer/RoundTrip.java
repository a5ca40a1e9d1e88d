package io.millrace.transfer;

/**
 * The round trip as it was measured, mixing delays and all, and the retransmission timeout that follows from it.
 *
 * <p>Source: RFC 6298 section 2, with the least timeout of {@link TransferTiming} in place of one second.
 */
final class RoundTrip {
    private static final int MAX_DOUBLINGS = 16;

    private final long minTimeoutNs;
    private final long maxTimeoutNs;
    private boolean measured;
    private long smoothedNs;
    private long variationNs;
    private long timeoutNs;
    private int doublings;

    RoundTrip(TransferTiming timing) {
        this.minTimeoutNs = timing.minTimeout().toNanos();
        this.maxTimeoutNs = timing.maxTimeout().toNanos();
        this.timeoutNs = timing.firstTimeout().toNanos();
    }

    /** Takes a sample, 0 or more. */
    void sample(long ns) {
        if (measured) {
            variationNs += (Math.abs(smoothedNs - ns) - variationNs) / 4;
            smoothedNs += (ns - smoothedNs) / 8;
        } else {
            measured = true;
            smoothedNs = ns;
            variationNs = ns / 2;
        }
        timeoutNs = Math.clamp(smoothedNs + 4 * variationNs, minTimeoutNs, maxTimeoutNs);
    }

    /** Doubles the timeout: nothing was heard for one whole timeout. */
    void doubleTimeout() {
        doublings = Math.min(MAX_DOUBLINGS, doublings + 1);
    }

    /** Ends the doubling: something was heard. */
    void heard() {
        doublings = 0;
    }

    /** Retransmission timeout. */
    long timeoutNs() {
        return Math.min(maxTimeoutNs, timeoutNs << doublings);
    }

    /** Smoothed round trip, 0 before the first sample. */
    long smoothedNs() {
        return smoothedNs;
    }
}
