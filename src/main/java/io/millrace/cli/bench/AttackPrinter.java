package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.attack.AttackReport;
import io.millrace.rig.attack.AttackRow;
import java.util.Locale;
import java.util.stream.Collectors;

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
        final Table table = new Table(
                "attack",
                "source",
                "connections",
                "throughput ratio",
                "95 %",
                "newcomers in 2 s",
                "p99 (ms)",
                "p99 without (ms)",
                "memory (MB)",
                "bound (MB)",
                "processors: attackers, server more",
                "drops by reason",
                "");
        for (AttackRow row : report.rows()) {
            table.row(
                    row.attack(),
                    row.source(),
                    row.connections(),
                    text("%.3f", row.ratio()),
                    text("%.3f", row.ratioLow()) + " to " + text("%.3f", row.ratioHigh()),
                    row.inTime() + " of " + row.newcomers(),
                    text("%.1f", row.p99Us() / 1e3),
                    text("%.1f", row.p99UsWithout() / 1e3),
                    text("%.1f", row.peakBytes() / MEGA),
                    text("%.1f", row.boundBytes() / MEGA),
                    text("%.2f", row.attackerProcessors()) + ", "
                            + text("%.2f", row.processorsWith() - row.processorsWithout()),
                    row.drops().entrySet().stream()
                            .map(drop -> drop.getKey() + " " + drop.getValue())
                            .collect(Collectors.joining(", ")),
                    row.passed() ? "pass" : "FAIL: " + String.join(", ", row.failures()));
        }
        output.table(table);
        for (String source : report.unavailable()) {
            output.line("not measured: " + source + ", as this machine does not have its addresses");
        }
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
