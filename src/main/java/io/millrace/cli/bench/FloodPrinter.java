package io.millrace.cli.bench;

import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.flood.FloodReport;
import io.millrace.rig.flood.FloodWave;
import java.util.List;

/** Prints the result of {@code bench flood}. */
final class FloodPrinter {
    private static final List<String> LATENESS = List.of("p50", "p99", "max");

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
        output.table(counted.row("turned away before a handshake", wave.turnedAway())
                .row("sessions of slow readers", wave.slowReaders())
                .row("of these, honest newcomers who came again", -wave.honestRefused())
                .row("together", wave.accounted()));
        output.line("");
        final Table honest = new Table("honest sessions", "before", "during", "unit");
        honest.row(
                "throughput",
                Figures.megabytes(wave.honestBytesPerSecondBefore()),
                Figures.megabytes(wave.honestBytesPerSecondDuring()),
                "MB/s");
        for (String name : LATENESS) {
            if (wave.honestLagUsBefore().containsKey(name)) {
                honest.row(
                        "lateness of a block, " + name,
                        wave.honestLagUsBefore().get(name),
                        wave.honestLagUsDuring().get(name),
                        "µs");
            }
        }
        output.table(honest);
        output.line("");
        output.table(new Table("figure", "value", "limit", "unit")
                .row("throughput during over before", Figures.text("%.3f", wave.ratio()), "", "")
                .row("every honest byte and newcomer arrived", wave.honestComplete() ? "yes" : "NO", "", "")
                .row("processor time per attacker", Figures.micros(wave.cpuNsPerAttacker()), "", "µs")
                .row("most connections at once", wave.peakConnections(), "", "")
                .row("most handshakes waiting", wave.peakPending(), report.pendingLimit(), "")
                .row(
                        "most bytes buffered",
                        Figures.megabytes(wave.peakBufferedBytes()),
                        Figures.megabytes(wave.bufferedBytesLimit()),
                        "MB")
                .row("length of the attack", Figures.text("%.1f", wave.attackSeconds()), "", "s")
                .row("processor time of all attackers", Figures.text("%.1f", wave.attackerCpuSeconds()), "", "s"));
    }
}
