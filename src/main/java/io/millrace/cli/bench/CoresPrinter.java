package io.millrace.cli.bench;

import io.millrace.cli.console.Figures;
import io.millrace.cli.console.MachineLoad;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.cores.CoresReport;
import io.millrace.rig.cores.Projection;
import io.millrace.rig.cores.ThreadCosts;

/** Prints the result of {@code bench cores}. */
final class CoresPrinter {
    private CoresPrinter() {}

    static void print(CoresReport report, Output output) {
        output.line("provider " + report.provider() + " (" + report.kernels() + "), profile " + report.profile()
                + ", engines apart: threading " + report.threading()
                + (report.bound() ? "" : "; threads could not be bound to processors"));
        output.line(report.cpu() + ", JDK " + report.jdk() + ", libsodium " + report.libsodium());
        output.line("");
        final Table measured = new Table("processors", "way", "packets/s", "times one", "±", "packet (µs)");
        report.engines().forEach(row -> row(measured, "engines apart", row));
        report.oneEngine().forEach(row -> row(measured, "one engine", row));
        output.table(measured);
        output.line("Engines apart: one on each processor, with the thread that makes its load.");
        output.line("One engine: parallel(N) on N processors.");
        output.line("Medians of " + report.sweeps() + " rounds; ± half the interquartile range.");
        output.line("Packet: processor time of all threads but those that make the load.");
        output.line("");
        final ThreadCosts costs = report.threads();
        output.table(new Table("thread of the one engine", "packet (µs)")
                .row("io: receives and sends", Figures.cost(costs.ioNs()))
                .row("peel, all of them: open link frames and peel", Figures.cost(costs.peelNs()))
                .row("gate: replays, delays, seals", Figures.cost(costs.gateNs())));
        if (report.projection().isEmpty()) {
            return;
        }
        output.line("");
        final Table model =
                new Table("processors (model)", "engines apart: times one", "one engine: times one", "limited by");
        for (Projection each : report.projection()) {
            model.row(
                    each.processors(),
                    range(each.enginesAtLeast(), each.enginesAtMost()),
                    Figures.text("%.1f", each.oneEngine()),
                    each.limitedBy());
        }
        output.table(model);
        output.line("Model, not measured.");
        output.line("Engines apart, lower figure: what they lost to each other is work that one does at a time.");
        output.line("One engine: at most what its busier single thread lets through.");
        MachineLoad.note(output);
    }

    private static String range(double least, double most) {
        final String from = Figures.text("%.1f", least);
        final String to = Figures.text("%.1f", most);
        return from.equals(to) ? to : from + " to " + to;
    }

    private static void row(Table table, String way, CoresReport.Row row) {
        table.row(
                row.processors(),
                way,
                Figures.whole(row.packetsPerSecond()),
                Figures.text("%.2f", row.times()),
                Figures.text("%.2f", row.spread()),
                Figures.cost(row.nsPerPacket()));
    }
}
