package io.millrace.cli.bench;

import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.attack.AttackReport;
import io.millrace.rig.attack.AttackRow;
import java.util.Locale;

/** Prints the result of {@code bench flood --attacks}. */
final class AttackPrinter {
    private static final double MEGA = 1e6;

    private AttackPrinter() {}

    static void print(AttackReport report, Output output) {
        output.line(report.cpu() + ", JDK " + report.jdk());
        output.line(String.format(
                Locale.ROOT,
                "%d honest sessions offer %.0f MB/s, half of the %.0f MB/s that they reach alone; slices of %.1f s",
                report.honestSessions(),
                report.offeredBytesPerSecond() / MEGA,
                report.saturatedBytesPerSecond() / MEGA,
                report.sliceSeconds()));
        if (report.linkSaturatedBytesPerSecond() > 0) {
            output.line(String.format(
                    Locale.ROOT,
                    "links of a relay over UDP: %d honest peers offer %.1f MB/s of packets, half of the %.1f MB/s that"
                            + " pass the relay alone; connections are datagrams",
                    report.honestSessions(),
                    report.linkOfferedBytesPerSecond() / MEGA,
                    report.linkSaturatedBytesPerSecond() / MEGA));
        }
        output.line("");
        final Table honest = new Table(
                "attack",
                "source",
                "throughput ratio",
                "95 % interval",
                "newcomers in 2 s",
                "their p99 (µs)",
                "without (µs)",
                "verdict");
        final Table cost = new Table(
                "attack",
                "source",
                "connections",
                "memory (MB)",
                "bound (MB)",
                "attackers' cores",
                "server's, more",
                "drops by reason");
        for (AttackRow row : report.rows()) {
            honest.row(
                    row.attack(),
                    row.source(),
                    Figures.text("%.3f", row.ratio()),
                    Figures.text("%.3f", row.ratioLow()) + " to " + Figures.text("%.3f", row.ratioHigh()),
                    row.inTime() + " of " + row.newcomers(),
                    row.p99Us(),
                    row.p99UsWithout(),
                    row.passed() ? "pass" : "FAIL: " + String.join(", ", row.failures()));
            cost.row(
                    row.attack(),
                    row.source(),
                    row.connections(),
                    Figures.megabytes(row.peakBytes()),
                    Figures.megabytes(row.boundBytes()),
                    Figures.text("%.2f", row.attackerProcessors()),
                    Figures.text("%.2f", row.processorsWith() - row.processorsWithout()),
                    Figures.counts(row.drops()));
        }
        output.table(honest);
        output.line("");
        output.table(cost);
        for (String source : report.unavailable()) {
            output.line("not measured: " + source + ", as this machine does not have its addresses");
        }
    }
}
