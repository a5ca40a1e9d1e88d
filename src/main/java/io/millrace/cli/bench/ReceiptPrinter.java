package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.receipts.ReceiptFigures;
import java.util.Locale;

/** Prints the cost of receipts. */
final class ReceiptPrinter {
    private ReceiptPrinter() {}

    /** Writes them for people. */
    static void print(ReceiptFigures receipts, Output output) {
        output.line("receipts, signed by " + receipts.receiptMode() + ", hashed by " + receipts.receiptHashing() + ": "
                + String.format(Locale.ROOT, "%,.0f", receipts.receiptsPerSecondPerCore()) + " per second per core ("
                + receipts.receiptLadders() + " L each)"
                + (receipts.signaturesOfLibsodium() == 0
                        ? ""
                        : ", " + receipts.signaturesOfLibsodium() + " of libsodium's bare rate of signatures"));
        output.line("the packets left " + receipts.receiptsFromPackets() + " receipts, " + receipts.receiptsLost()
                + " were lost");
        final Table table = new Table(
                "batch", "average", "per s per core", "ns each", "latency p50", "p99", "p99.9", "p99.99", "durable");
        for (ReceiptFigures.Size size : receipts.receiptSizes()) {
            table.row(
                    size.batchLimit(),
                    size.averageBatch(),
                    String.format(Locale.ROOT, "%,.0f", size.perSecondPerCore()),
                    size.cpuNsPerReceipt(),
                    size.addedLatencyNs().get("p50"),
                    size.addedLatencyNs().get("p99"),
                    size.addedLatencyNs().get("p999"),
                    size.addedLatencyNs().get("p9999"),
                    size.durable() ? "yes" : "NO");
        }
        output.table(table);
    }
}
