package io.millrace.relay.receipts;

import io.millrace.receipt.ReceiptBatch;
import io.millrace.receipt.SigningMode;
import io.millrace.tlog.Checkpoint;
import java.util.Objects;
import java.util.Optional;

/**
 * How receipts are made.
 *
 * @param mode content of a signature: one receipt or a batch.
 * @param queueSize receipts that may wait, a power of two, 16 to 2^20; when it is full, receipts are lost and counted.
 * @param batchLimit most receipts of a batch, 1 to {@link ReceiptBatch#MAX_CAPACITY} and to {@code queueSize}.
 * @param published newest checkpoint that the log has published, verified; the log is refused if it does not contain it.
 */
public record ReceiptOptions(SigningMode mode, int queueSize, int batchLimit, Optional<Checkpoint> published) {
    public ReceiptOptions {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(published, "published");
        if (queueSize < 16 || queueSize > 1 << 20 || Integer.bitCount(queueSize) != 1) {
            throw new IllegalArgumentException("queueSize must be a power of two, 16 to 2^20: queueSize=" + queueSize);
        }
        if (batchLimit < 1 || batchLimit > Math.min(ReceiptBatch.MAX_CAPACITY, queueSize)) {
            throw new IllegalArgumentException("batchLimit must be 1 to " + ReceiptBatch.MAX_CAPACITY
                    + " and to queueSize: batchLimit=" + batchLimit + ", queueSize=" + queueSize);
        }
    }

    /** Of a log that has published nothing yet; see the components for the parameters. */
    public ReceiptOptions(SigningMode mode, int queueSize, int batchLimit) {
        this(mode, queueSize, batchLimit, Optional.empty());
    }

    /**
     * The same options for a log that has published {@code checkpoint}, or nothing.
     *
     * @param checkpoint last one that left this machine, or empty.
     */
    public ReceiptOptions withPublished(Optional<Checkpoint> checkpoint) {
        return new ReceiptOptions(mode, queueSize, batchLimit, checkpoint);
    }

    /**
     * 16,384 receipts may wait, 1,024 of them make a batch.
     *
     * @param mode content of a signature: one receipt or a batch.
     */
    public static ReceiptOptions of(SigningMode mode) {
        return new ReceiptOptions(mode, 16_384, 1_024);
    }
}
