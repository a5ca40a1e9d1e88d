package io.millrace.cli.receipts;

import io.millrace.cli.console.Table;
import io.millrace.receipt.Operation;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptEncoding;
import io.millrace.tlog.MalformedException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A receipt for people and in JSON; {@code fault} is null unless its bytes are no receipt. */
record ReceiptView(
        long index,
        String operationId,
        String twinId,
        String operation,
        String actorId,
        String time,
        long timestampNs,
        String requestDigest,
        int result,
        String keyId,
        boolean signed,
        String fault) {
    /** Rows for people, one for each receipt. */
    static Table table(List<ReceiptView> receipts) {
        final Table table =
                new Table("index", "time", "operation", "operation id", "actor", "request digest", "result");
        receipts.forEach(receipt -> table.row(
                Long.toString(receipt.index()), // for receipts prove
                receipt.time(),
                receipt.operation(),
                receipt.operationId(), // for receipts find
                receipt.actorId(),
                receipt.requestDigest(),
                receipt.result()));
        return table;
    }

    static ReceiptView of(long index, byte[] encoding, boolean signed) {
        try {
            final Receipt receipt = ReceiptEncoding.decode(encoding);
            final long seconds = TimeUnit.NANOSECONDS.toSeconds(receipt.timestampNs());
            return new ReceiptView(
                    index,
                    receipt.operationId().toString(),
                    receipt.twinId().toString(),
                    Operation.label(receipt.operation()),
                    receipt.actorId().toString(),
                    Instant.ofEpochSecond(seconds, receipt.timestampNs() - TimeUnit.SECONDS.toNanos(seconds))
                            .toString(),
                    receipt.timestampNs(),
                    receipt.requestDigest().toString(),
                    receipt.result(),
                    HexFormat.of().toHexDigits(receipt.keyId()),
                    signed,
                    null);
        } catch (MalformedException e) {
            return new ReceiptView(index, null, null, null, null, null, 0, null, 0, null, signed, e.getMessage());
        }
    }
}
