package io.millrace.cli.bench;

import io.millrace.cli.console.Figures;
import io.millrace.cli.console.MachineLoad;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.bench.BenchReport;
import io.millrace.rig.judge.AnonymityJudgement;
import io.millrace.rig.judge.DelayJudgement;
import java.util.Locale;
import java.util.Map;

/** Prints the result of {@code bench packets}. */
final class BenchPrinter {
    private BenchPrinter() {}

    static void print(BenchReport report, Output output) {
        if (!report.mutant().isEmpty()) {
            output.line(
                    "MUTANT: the relay under test cheats (" + report.mutant() + "). These are no figures of a relay.");
        }
        output.line((report.circumstances().equals("best") ? "best case" : "ordinary case") + ": " + report.neighbours()
                + " neighbours, pre-shared link keys, packets as fast as the engine takes them");
        output.line("provider " + report.provider() + " (" + report.kernels() + "), profile " + report.profile()
                + ", threading " + report.threading() + ", " + report.policy() + " " + report.delay() + ", replay "
                + report.replay());
        output.line(report.cpu() + ", JDK " + report.jdk() + ", libsodium " + report.libsodium());
        output.line("");
        final Table figures = new Table("figure", "value", "unit")
                .row("packets per second", Figures.whole(report.packetsPerSecond()), "")
                .row("packets per second and core (all threads)", Figures.whole(report.packetsPerSecondPerCore()), "")
                .row("processor time per packet, all threads", Figures.cost(report.cpuNsPerPacket()), "µs");
        report.threadNsPerPacket().forEach((role, ns) -> figures.row("  thread " + role, Figures.cost(ns), "µs"));
        figures.row(
                        "  in ladders",
                        Figures.text("%.2f", report.hopLadders()),
                        "of " + Figures.cost(report.ladderNs()) + " µs")
                .row(
                        "wall clock per packet: cryptography",
                        Figures.cost(report.cryptoNsPerPacket().get("total")),
                        "µs")
                .row("wall clock per packet: between its calls", Figures.cost(report.frameworkNsPerPacket()), "µs")
                .row("  drawing the delay, part of both", Figures.cost(report.delayDrawNsPerPacket()), "µs")
                .row("heap allocated per packet", Figures.text("%.2f", report.allocatedBytesPerPacket()), "bytes");
        output.table(figures);
        output.line("");
        final Table stages = new Table("stage, times in µs", "p50", "p90", "p99", "p99.9", "p99.99", "max");
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
                        Figures.counts(report.dropped()),
                        report.inFlight(),
                        report.conserved() ? "yes" : "NO"));
        output.line("");
        judgement(report, output);
        output.line(String.format(
                Locale.ROOT,
                "%,d distinct packets, %s over them, each in a fresh replay epoch; %,d outgoing frames opened and"
                        + " peeled by the next hop, %,d wrong.",
                report.distinctPackets(),
                report.passes() == 1 ? "1 pass" : Figures.whole(report.passes()) + " passes",
                report.verified(),
                report.wrong()));
        output.line(String.format(
                Locale.ROOT,
                "A closed loop of %,d packets in the engine: at saturation queue shows the ring kept full; --inside 1 is"
                        + " low load.",
                report.inside()));
        MachineLoad.note(output);
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
                        String.format(Locale.ROOT, "%,d packets", delays.packets()),
                        Figures.text("%.3f %%", 100 * delays.earlyShare()),
                        Figures.text("%.3f", delays.emittedSlope()),
                        Figures.percent(anonymity.attackSuccess()),
                        Figures.percent(anonymity.chance()),
                        report.judgement().passed() ? "as disclosed" : "NOT AS DISCLOSED"));
        output.line("");
    }

    private static void row(Table table, String name, Map<String, Long> values) {
        table.row(
                name,
                Figures.micros(values.get("p50")),
                Figures.micros(values.get("p90")),
                Figures.micros(values.get("p99")),
                Figures.micros(values.get("p999")),
                Figures.micros(values.get("p9999")),
                Figures.micros(values.get("max")));
    }
}
