package io.millrace.rig.receipts;

import java.util.List;
import java.util.Map;

/**
 * What receipts cost, measured apart from packets; part of the report's JSON.
 *
 * @param receiptMode batch or single.
 * @param receiptHashing what hashed: {@code sha-ni} or {@code sodium}.
 * @param receiptsPerSecondPerCore at batch size 1,024: receipts in the log per second of processor time of the receipts
 *     thread and of the threads that make it durable.
 * @param receiptLadders processor time of one such receipt.
 * @param signaturesOfLibsodium in mode single: receipts per second of the receipts thread as a part of the bare signatures
 *     per second that another thread made by libsodium meanwhile, median of 15 rounds in batches of 64; 0 in mode batch.
 * @param receiptsFromPackets receipts that the packets of this run left.
 * @param receiptsLost receipts of packets that the queue or the log did not take.
 * @param receiptSizes one line per batch size.
 */
public record ReceiptFigures(
        String receiptMode,
        String receiptHashing,
        double receiptsPerSecondPerCore,
        double receiptLadders,
        double signaturesOfLibsodium,
        long receiptsFromPackets,
        long receiptsLost,
        List<Size> receiptSizes) {
    /** Copies the list. */
    public ReceiptFigures {
        receiptSizes = List.copyOf(receiptSizes);
    }

    /** Whether no receipt was lost and all became durable. */
    public boolean passed() {
        return receiptsLost == 0 && receiptSizes.stream().allMatch(size -> size.durable && size.lost == 0);
    }

    /**
     * One batch size.
     *
     * @param batchLimit most receipts of a batch.
     * @param averageBatch as they came.
     * @param perSecondPerCore receipts per second of processor time.
     * @param cpuNsPerReceipt processor time of one receipt.
     * @param ladders the same in ladders.
     * @param addedLatencyNs from the offer to signed and in the log, by percentile; two batches are kept waiting.
     * @param lost receipts that the queue or the log did not take.
     * @param durable whether everything was durable at the end, by the store's group commit.
     */
    public record Size(
            int batchLimit,
            double averageBatch,
            double perSecondPerCore,
            double cpuNsPerReceipt,
            double ladders,
            Map<String, Long> addedLatencyNs,
            long lost,
            boolean durable) {}
}
