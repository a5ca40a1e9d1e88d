package io.millrace.relay.receipts;

/**
 * The counters of a {@link ReceiptService} at one instant.
 *
 * @param offered receipts that were asked for.
 * @param appended receipts in the log.
 * @param batches that they came in.
 * @param queueFull receipts that were lost because too many waited.
 * @param logFull receipts that were lost because the log took no more.
 */
public record ReceiptCounters(long offered, long appended, long batches, long queueFull, long logFull) {
    /** Receipts on their way into the log. */
    public long waiting() {
        return offered - appended - queueFull - logFull;
    }
}
