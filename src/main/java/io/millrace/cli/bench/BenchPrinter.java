package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.bench.BenchReport;
import io.millrace.rig.judge.AnonymityJudgement;
import io.millrace.rig.judge.DelayJudgement;
import java.util.Locale;
import java.util.Map;

/** Prints the result of {@code bench packets}. */
final class BenchPrinter {
    private static final double PERCENT = 100;
    private static final double NS_PER_US = 1_000;

    private BenchPrinter() {}

    static void print(BenchReport report, Output output) {
        if (!report.mutant().isEmpty()) {
            output.line(
                    "MUTANT: the relay under test cheats (" + report.mutant() + "). These are no figures of a relay.");
        }
        output.line((report.circumstances().equals("best") ? "best case" : "ordinary case") + ": " + report.neighbours()
                + " neighbours, pre-shared link keys, packets as fast as the engine takes them");
        output.line("provider " + report.provider() + ", threading " + report.threading() + ", " + report.policy() + " "
                + report.delay() + ", replay " + report.replay());
        output.line(report.cpu() + ", JDK " + report.jdk() + ", libsodium " + report.libsodium());
        output.line("");
        output.table(new Table("figure", "value")
                .row("packets per second", text("%,.0f", report.packetsPerSecond()))
                .row("packets per second per core (all threads)", text("%,.0f", report.packetsPerSecondPerCore()))
                .row("processor time per packet", text("%,.0f ns", report.cpuNsPerPacket()))
                .row("  of it receipts and commits", text("%,.0f ns", report.stateNsPerPacket()))
                .row("  in ladders (1 L = " + report.ladderNs() + " ns)", text("%.2f L", report.hopLadders()))
                .row(
                        "  cryptography (wall clock)",
                        text("%,.0f ns", report.cryptoNsPerPacket().get("total")))
                .row("  everything else", text("%,.0f ns", report.frameworkNsPerPacket()))
                .row("drawing the delay, of both", text("%,.0f ns", report.delayDrawNsPerPacket()))
                .row("heap allocated per packet", text("%.2f B", report.allocatedBytesPerPacket())));
        output.line("");
        final Table stages = new Table("stage (µs)", "p50", "p90", "p99", "p99.9", "p99.99", "max");
        report.stages().forEach((name, values) -> row(stages, name, values));
        row(stages, "delay error", report.delayErrorNs());
        output.table(stages);
        if (report.receipts() != null) {
            output.line("");
            ReceiptPrinter.print(report.receipts(), output);
        }
        output.line("");
        output.table(new Table("packets", "forwarded", "delivered", "dropped", "in flight", "conserved")
                .row(
                        report.packets(),
                        report.forwarded(),
                        report.delivered(),
                        report.dropped().isEmpty() ? "0" : report.dropped().toString(),
                        report.inFlight(),
                        report.conserved() ? "yes" : "NO"));
        output.line("");
        judgement(report, output);
        output.line(report.distinctPackets() + " distinct packets, " + report.passes()
                + " passes over them, each in a fresh replay epoch; " + report.verified()
                + " outgoing frames opened and peeled by the next hop, " + report.wrong() + " wrong.");
        output.line("A closed loop of " + report.inside()
                + " packets in the engine: at saturation queue shows the ring kept full; --inside 1 is low load.");
    }

    private static void judgement(BenchReport report, Output output) {
        final DelayJudgement delays = report.judgement().delays();
        final AnonymityJudgement anonymity = report.judgement().anonymity();
        output.table(new Table(
                        "departures at a light load",
                        "left early",
                        "follows its delay",
                        "attack finds",
                        "chance",
                        "verdict")
                .row(
                        delays.packets() + " packets",
                        text("%.3f %%", PERCENT * delays.earlyShare()),
                        text("%.3f", delays.emittedSlope()),
                        text("%.1f %%", PERCENT * anonymity.attackSuccess()),
                        text("%.1f %%", PERCENT * anonymity.chance()),
                        report.judgement().passed() ? "as disclosed" : "NOT AS DISCLOSED"));
        output.line("");
    }

    private static void row(Table table, String name, Map<String, Long> values) {
        table.row(
                name,
                micros(values.get("p50")),
                micros(values.get("p90")),
                micros(values.get("p99")),
                micros(values.get("p999")),
                micros(values.get("p9999")),
                micros(values.get("max")));
    }

    private static String micros(long ns) {
        return text("%,.1f", ns / NS_PER_US);
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
