package io.millrace.cli.bench.flood;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Result of {@code bench --htx-attacks}; also its form in JSON. Server and honest clients are in one process, the attackers
 * in another, all on the same cores.
 *
 * @param sliceSeconds length of each slice.
 * @param honestSessions that send all the time.
 * @param saturatedBytesPerSecond that they reach alone.
 * @param offeredBytesPerSecond that they offer, half of it.
 * @param linkSaturatedBytesPerSecond packets that as many honest peers of a relay get through it alone, in bytes a second; 0
 *     without an attack on links.
 * @param linkOfferedBytesPerSecond that they offer, half of it.
 * @param rows attacks, each from each source.
 * @param unavailable sources whose addresses this machine does not have.
 */
record AttackReport(
        String cpu,
        String jdk,
        double sliceSeconds,
        int honestSessions,
        double saturatedBytesPerSecond,
        double offeredBytesPerSecond,
        double linkSaturatedBytesPerSecond,
        double linkOfferedBytesPerSecond,
        List<AttackRow> rows,
        List<String> unavailable) {
    private static final double MEGA = 1e6;

    /** Whether every row passed. */
    boolean passed() {
        return !rows.isEmpty() && rows.stream().allMatch(AttackRow::passed);
    }

    void print(Output output) {
        output.line(cpu + ", JDK " + jdk);
        output.line(String.format(
                Locale.ROOT,
                "%d honest sessions offer %.0f MB/s, half of the %.0f MB/s that they reach alone; slices of %.1f s",
                honestSessions,
                offeredBytesPerSecond / MEGA,
                saturatedBytesPerSecond / MEGA,
                sliceSeconds));
        if (linkSaturatedBytesPerSecond > 0) {
            output.line(String.format(
                    Locale.ROOT,
                    "links of a relay over UDP: %d honest peers offer %.1f MB/s of packets, half of the %.1f MB/s that"
                            + " pass the relay alone; connections are datagrams",
                    honestSessions,
                    linkOfferedBytesPerSecond / MEGA,
                    linkSaturatedBytesPerSecond / MEGA));
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
        for (AttackRow row : rows) {
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
        for (String source : unavailable) {
            output.line("not measured: " + source + ", as this machine does not have its addresses");
        }
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
