package io.millrace.cli.bench;

import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.receipts.ReceiptFigures;

/** Prints the cost of receipts. */
final class ReceiptPrinter {
    private ReceiptPrinter() {}

    /** Writes them for people. */
    static void print(ReceiptFigures receipts, Output output) {
        output.line("receipts, signed by " + receipts.receiptMode() + ", hashed by " + receipts.receiptHashing() + ": "
                + Figures.whole(receipts.receiptsPerSecondPerCore()) + " per second and core ("
                + receipts.receiptLadders() + " ladders each)"
                + (receipts.signaturesOfLibsodium() == 0
                        ? ""
                        : ", " + receipts.signaturesOfLibsodium() + " of the rate of bare libsodium signatures"));
        output.line("the packets left " + Figures.whole(receipts.receiptsFromPackets()) + " receipts, "
                + Figures.whole(receipts.receiptsLost()) + " were lost");
        output.line("");
        final Table table = new Table(
                "batch limit",
                "average batch",
                "per second and core",
                "µs each",
                "latency (µs) p50",
                "p99",
                "p99.9",
                "p99.99",
                "durable");
        for (ReceiptFigures.Size size : receipts.receiptSizes()) {
            table.row(
                    size.batchLimit(),
                    Figures.text("%,.1f", size.averageBatch()),
                    Figures.whole(size.perSecondPerCore()),
                    Figures.cost(size.cpuNsPerReceipt()),
                    Figures.micros(size.addedLatencyNs().get("p50")),
                    Figures.micros(size.addedLatencyNs().get("p99")),
                    Figures.micros(size.addedLatencyNs().get("p999")),
                    Figures.micros(size.addedLatencyNs().get("p9999")),
                    size.durable() ? "yes" : "NO");
        }
        output.table(table);
    }
}
