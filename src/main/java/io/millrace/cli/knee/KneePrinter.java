package io.millrace.cli.knee;

import io.millrace.cli.console.Figures;
import io.millrace.cli.console.MachineLoad;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.knee.KneeLedger;
import io.millrace.rig.knee.KneeReport;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints a report for a reader. */
final class KneePrinter {
    private static final double PERCENT = 100;

    private KneePrinter() {}

    static void print(KneeReport report, Output output) {
        if (!report.mutant().isEmpty()) {
            output.line(
                    "MUTANT: the relay under test cheats (" + report.mutant() + "). These are no figures of a relay.");
        }
        output.line((report.circumstances().equals("best") ? "best case: " : "ordinary case: ")
                + report.circumstancesText());
        output.line("over " + report.link() + ", provider " + report.provider() + ", profile "
                + report.profile() + ", threading " + report.threading()
                + (report.cores().isEmpty() ? "" : ", processors " + report.cores())
                + ", " + report.policy() + " " + report.delay());
        output.line(report.cpu() + ", JDK " + report.jdk() + ", libsodium " + report.libsodium());
        output.line("");
        rates(report, output);
        ledger(report, output);
        latency(report, output);
        mixing(report, output);
        MachineLoad.note(output);
    }

    private static void rates(KneeReport report, Output output) {
        output.table(new Table("rate", "packets/s", "ended by")
                .row(
                        "relay: " + report.confirmations() + " of " + report.confirmations() + " intervals of "
                                + text("%.1f", report.intervalSeconds()) + " s without loss (the knee)",
                        (report.kneePoolLimited() ? "at least " : "") + Figures.whole(report.kneePacketsPerSecond()),
                        report.kneePoolLimited() ? "the packets prepared" : report.kneeEndedBy())
                .row(
                        "relay: half of brief intervals without loss",
                        Figures.whole(report.halfPointPacketsPerSecond()),
                        "")
                .row(
                        "bare forwarder: half of brief intervals (the floor)",
                        Figures.whole(report.floorPacketsPerSecond()),
                        report.floorEndedBy()));
        if (report.kneePoolLimited()) {
            output.line(
                    "Not enough packets were prepared to try a higher rate for whole intervals: --packets raises their"
                            + " number.");
        }
        output.line(String.format(
                Locale.ROOT,
                "95 %% of the knee, measured again: %,d lost. At the knee a packet comes each %.3f ladders of %.2f µs.",
                report.lostAt95(),
                report.kneeLadders(),
                report.ladderNs() / 1e3));
        output.line(String.format(
                Locale.ROOT,
                "At 80 %%: %,.0f packets per second and core, all threads counted. Rolls of the key under load: %,d,"
                        + " with %,d verified disclosures.",
                report.packetsPerSecondPerCore(),
                report.keyRolls(),
                report.disclosures()));
        output.line(String.format(
                Locale.ROOT, "The host took %.1f %% of the processors' time.", PERCENT * report.stolenShare()));
        output.line("");
        if (!report.lossBegins().isEmpty()) {
            output.line(lossBegins(report.lossBegins()));
            output.line("");
        }
    }

    private static String lossBegins(Map<String, Object> begins) {
        final Map<String, Number> where = new TreeMap<>();
        counts(begins, "dropped").forEach(where::put);
        counts(begins, "socketDrops").forEach((socket, count) -> where.put("socket of the " + socket, count));
        return "Loss begins at " + whole(begins, "rate") + " packets/s: " + whole(begins, "lost") + " lost ("
                + Figures.counts(where) + ").";
    }

    private static String whole(Map<String, Object> begins, String name) {
        return Figures.whole(((Number) begins.get(name)).longValue());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ? extends Number> counts(Map<String, Object> begins, String name) {
        return (Map<String, ? extends Number>) begins.get(name);
    }

    private static void ledger(KneeReport report, Output output) {
        final KneeLedger ledger = report.ledger();
        final Table work = new Table("at 95 % of the knee", "µs a packet");
        work.row("generator", Figures.cost(ledger.generatorNs()));
        ledger.workNs().forEach((name, ns) -> work.row("relay, " + name, Figures.cost(ns)));
        output.table(work);
        output.line(String.format(
                Locale.ROOT,
                "Entries add up to %.1f %% of the relay's processor time of %s µs. Forwarder: %s µs of receive and send.",
                PERCENT * ledger.agreement(),
                Figures.cost(ledger.relayNs()),
                Figures.cost(report.floorIoNsPerPacket())));
        output.line(String.format(
                Locale.ROOT,
                "Bound of these processors: %s packets/s; the knee is %.1f %% of it, limited by %s.",
                Figures.whole(report.boundPacketsPerSecond()),
                PERCENT * report.boundShare(),
                report.limitedBy()));
        output.line("Busy: "
                + ledger.busy().entrySet().stream()
                        .map(each -> each.getKey() + text(" %.0f %%", PERCENT * each.getValue()))
                        .collect(Collectors.joining(", "))
                + ".");
        output.line("");
    }

    private static void latency(KneeReport report, Output output) {
        final Table latency = new Table("latency in µs, without mixing", "p50", "p90", "p99", "p99.9", "p99.99", "max");
        report.percentiles().forEach((load, values) -> row(latency, "relay, " + KneeReport.loadText(load), values));
        report.floorPercentiles().forEach((load, values) -> row(latency, "forwarder, rate of " + load + " %", values));
        report.hiccup().forEach((when, values) -> row(latency, "hiccups, " + when, values));
        output.table(latency);
        output.line("");
    }

    private static void mixing(KneeReport report, Output output) {
        final Table attack =
                new Table("load", "attack finds", "chance", "ideal mix", "entropy bits", "worst 1 %", "effective set");
        report.anonymity()
                .forEach((load, each) -> attack.row(
                        KneeReport.loadText(load),
                        text("%.1f %%", PERCENT * each.attackSuccess()) + (each.passed() ? "" : " FAILED"),
                        text("%.1f %%", PERCENT * each.chance()),
                        text("%.1f %%", PERCENT * each.idealSuccess()),
                        text("%.2f", each.entropyBitsMean()),
                        text("%.2f", each.entropyBitsP1()),
                        text("%.1f", each.effectiveSetMedian())));
        output.table(attack);
        output.line("");
        final Table delays =
                new Table("load", "left early", "follows its delay", "statistic", "p of the law", "in order");
        report.delays().forEach((load, each) -> {
            final var order = report.order().get(load);
            delays.row(
                    KneeReport.loadText(load),
                    text("%.3f %%", PERCENT * each.earlyShare()) + (each.passed() ? "" : " FAILED"),
                    text("%.3f", each.emittedSlope()),
                    text("%.4f", each.emittedStatistic()) + text(" of %.4f", each.emittedBound()),
                    text("%.3f", each.drawnPValue()),
                    text("%.1f %%", PERCENT * order.inOrderShare()) + (order.passed() ? "" : " FAILED"));
        });
        output.table(delays);
        output.line("An honest relay is refused by chance in one run of " + Figures.whole(1 / report.falseAlarmRate())
                + ".");
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

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
