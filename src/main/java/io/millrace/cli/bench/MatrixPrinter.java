package io.millrace.cli.bench;

import io.millrace.cli.console.Figures;
import io.millrace.cli.console.MachineLoad;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.matrix.MatrixReport;

/** Prints the result of {@code bench matrix}. */
final class MatrixPrinter {
    private MatrixPrinter() {}

    static void print(MatrixReport report, Output output) {
        final MatrixReport.Base base = report.base();
        output.line("base: provider " + base.provider() + ", threading " + base.threading() + ", wait "
                + base.idleMode()
                + ", batch " + base.batch() + ", " + base.policy() + " " + base.delay() + ", replay " + base.replay()
                + ", receipts " + base.receipts());
        output.line(report.cpu() + ", JDK " + report.jdk() + ", libsodium " + report.libsodium());
        output.line("");
        final Table table = new Table(
                        "feature",
                        "switched to",
                        "cost (µs)",
                        "± (µs)",
                        "ladders",
                        "packet (µs)",
                        "packets/s",
                        "against")
                .row(
                        "base",
                        "",
                        "",
                        Figures.cost(base.spread()),
                        Figures.text("%.3f", base.laddersPerPacket()),
                        Figures.cost(base.nsPerPacket()),
                        Figures.whole(base.packetsPerSecond()),
                        "");
        for (MatrixReport.Row row : report.rows()) {
            table.row(
                    row.feature(),
                    row.setting(),
                    Figures.difference(row.nsPerPacket()),
                    Figures.cost(row.spread()),
                    Figures.text("%+.3f", row.laddersPerPacket()),
                    Figures.cost(row.totalNsPerPacket()),
                    Figures.text("%+.1f %%", 100 * (row.packetsPerSecondRatio() - 1)),
                    row.against());
        }
        output.table(table);
        output.line("");
        output.line("Processor time of all threads of the saturated relay, per packet; one ladder is "
                + Figures.cost(report.ladderNs()) + " µs.");
        output.line("Cost: median of " + report.extent().sweeps()
                + " differences to the same path measured right before and after;");
        output.line("± half the interquartile range: smaller differences are not significant.");
        output.line("dh twice: the cost of the base's scalar multiplications.");
        MachineLoad.note(output);
    }
}
