package io.millrace.directory;

import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.sphinx.RelayPublicKey;
import java.util.Objects;

/**
 * Sphinx public key of one epoch and the span in which senders use it.
 *
 * @param number of the epoch, 0 or more.
 * @param key of the relay in this epoch.
 * @param notBeforeMs beginning of the span, included, in milliseconds since 1970.
 * @param notAfterMs end of the span, excluded; above {@code notBeforeMs}, at most {@link EpochSchedule#MAX_TIME_MS}.
 */
public record EpochPublicKey(long number, RelayPublicKey key, long notBeforeMs, long notAfterMs) {
    /** Checks the ranges. */
    public EpochPublicKey {
        Objects.requireNonNull(key, "key");
        if (number < 0) {
            throw new IllegalArgumentException("an epoch number must be 0 or more: number=" + number);
        }
        EpochSpan.require(notBeforeMs, notAfterMs);
    }

    /**
     * Whether senders wrap for this epoch at an instant.
     *
     * @param timeMs any, in milliseconds since 1970.
     */
    public boolean runsAt(long timeMs) {
        return timeMs >= notBeforeMs && timeMs < notAfterMs;
    }
}
