package io.millrace.node.config;

import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptRetention;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.receipts.PacketReceiptOptions;
import java.nio.file.Path;
import java.util.Set;

/**
 * Operations that a relay makes receipts of, and their log.
 *
 * @param folder of the log, absolute.
 * @param operations for which they are made.
 * @param mode of the signatures.
 * @param packets how coarse receipts for packets are.
 * @param retention how long the log may become and how much of it is kept.
 */
public record ReceiptSettings(
        Path folder,
        Set<Operation> operations,
        SigningMode mode,
        PacketReceiptOptions packets,
        ReceiptRetention retention) {
    /** Length in bytes at which a log is full: 64 GiB. */
    public static final long MAX_LOG_LENGTH = 1L << 36;

    private static final int MIB_SHIFT = 20;

    /** Default length of a segment in MiB. */
    static final int DEFAULT_SEGMENT_MIB = (int) (ReceiptRetention.DEFAULT_SEGMENT_LENGTH >> MIB_SHIFT);

    /** Copies the set. */
    public ReceiptSettings {
        operations = Set.copyOf(operations);
    }

    /** The defaults, in a folder {@code receipts}. */
    static ReceiptSettings standard() {
        return new ReceiptSettings(
                Path.of("receipts").toAbsolutePath(),
                EngineKeys.RECEIPTS_OF.standard().orElseThrow(),
                EngineKeys.RECEIPTS_MODE.standard().orElseThrow(),
                PacketReceiptOptions.DEFAULT,
                retention(
                        EngineKeys.RECEIPTS_KEEP.standard().orElseThrow(),
                        EngineKeys.RECEIPTS_SEGMENT.standard().orElseThrow()));
    }

    /** The same settings with other signatures. */
    ReceiptSettings with(SigningMode other) {
        return new ReceiptSettings(folder, operations, other, packets, retention);
    }

    /**
     * How much of a log is kept.
     *
     * @param keep ended segments, 1 or more.
     * @param segmentMib length of a segment in MiB.
     */
    static ReceiptRetention retention(int keep, int segmentMib) {
        return new ReceiptRetention(MAX_LOG_LENGTH, (long) segmentMib << MIB_SHIFT, keep);
    }

    /** Length of a segment in MiB. */
    int segmentMib() {
        return (int) (retention.segmentLength() >> MIB_SHIFT);
    }
}
