package io.millrace.transfer;

import java.time.Duration;

/**
 * How patient the two ends are.
 *
 * @param patience without any progress for so long, a transfer has failed.
 * @param minTimeout least retransmission timeout: below it, a scheduling pause looks like a loss.
 * @param firstTimeout retransmission timeout before the first round trip was measured.
 * @param maxTimeout longest retransmission timeout, however often it was doubled.
 * @param ackDelay longest wait of a receiver for more chunks before it acknowledges one.
 */
public record TransferTiming(
        Duration patience, Duration minTimeout, Duration firstTimeout, Duration maxTimeout, Duration ackDelay) {
    /** 10 s of patience; timeouts from 60 ms to 2 s, at first 500 ms; acknowledgements after 5 ms. */
    public static final TransferTiming DEFAULT = new TransferTiming(
            Duration.ofSeconds(10),
            Duration.ofMillis(60),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofMillis(5));

    /** Checks that all are positive and in order. */
    public TransferTiming {
        if (!ackDelay.isPositive()
                || ackDelay.compareTo(minTimeout) > 0
                || minTimeout.compareTo(firstTimeout) > 0
                || firstTimeout.compareTo(maxTimeout) > 0
                || maxTimeout.compareTo(patience) > 0) {
            throw new IllegalArgumentException(
                    "must hold: 0 < ackDelay <= minTimeout <= firstTimeout <= maxTimeout <= patience: ackDelay="
                            + ackDelay + ", minTimeout=" + minTimeout + ", firstTimeout=" + firstTimeout
                            + ", maxTimeout=" + maxTimeout + ", patience=" + patience);
        }
    }

    /**
     * The same with another patience.
     *
     * @param other replaces the patience.
     */
    public TransferTiming withPatience(Duration other) {
        return new TransferTiming(other, minTimeout, firstTimeout, maxTimeout, ackDelay);
    }
}
