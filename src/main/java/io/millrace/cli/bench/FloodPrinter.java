package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.flood.FloodReport;
import io.millrace.rig.flood.FloodWave;
import java.util.Locale;

/** Prints the result of {@code bench flood}. */
final class FloodPrinter {
    private FloodPrinter() {}

    static void print(FloodReport report, Output output) {
        output.line(report.cpu() + ", JDK " + report.jdk());
        output.line("");
        final Table attack = new Table("attackers", "count");
        report.attackersByKind().forEach(attack::row);
        output.table(attack);
        print("honest sessions offer half of their undisturbed throughput", report.stated(), report, output);
        print("honest sessions send as fast as they can", report.saturated(), report, output);
    }

    private static void print(String load, FloodWave wave, FloodReport report, Output output) {
        output.line("");
        output.line(load + ":");
        final Table counted = new Table("counted by the server", "count");
        wave.rejections().forEach(counted::row);
        output.table(counted.row("turned away at the door", wave.turnedAway())
                .row("sessions of slow readers", wave.slowReaders())
                .row("of these, honest newcomers who came again", -wave.honestRefused())
                .row("together", wave.accounted()));
        output.line("");
        final Table figures = new Table("figure", "value")
                .row("honest bytes per second before", text("%,.0f", wave.honestBytesPerSecondBefore()))
                .row("honest bytes per second during", text("%,.0f", wave.honestBytesPerSecondDuring()))
                .row("ratio", text("%.3f", wave.ratio()));
        wave.honestLagUsBefore().forEach((name, value) -> figures.row("block late, " + name + ", before (µs)", value));
        wave.honestLagUsDuring().forEach((name, value) -> figures.row("block late, " + name + ", during (µs)", value));
        output.table(figures.row("every honest byte and newcomer arrived", wave.honestComplete() ? "yes" : "NO")
                .row("processor time per attacker (µs)", text("%,.0f", wave.cpuNsPerAttacker() / 1e3))
                .row("most connections at once", wave.peakConnections())
                .row("most handshakes waiting", wave.peakPending() + " of " + report.pendingLimit())
                .row(
                        "most bytes buffered",
                        String.format(Locale.ROOT, "%,d of %,d", wave.peakBufferedBytes(), wave.bufferedBytesLimit()))
                .row(
                        "seconds, and the attackers' processor time",
                        text("%.1f", wave.attackSeconds()) + ", " + text("%.1f", wave.attackerCpuSeconds())));
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
