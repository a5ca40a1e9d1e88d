package io.millrace.cli.knee;

import io.millrace.cli.config.PathOptions;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.measure.Machine;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code knee}: the highest rate without loss, and the latency below it. */
@Command(
        name = "knee",
        description = {
            "Finds the highest rate at which a relay in a process of its own, reached over UDP or TCP on loopback, loses"
                    + " nothing,",
            "and its latency at 50, 80 and 95 %% of that, beside a bare forwarder of frames and the machine's own"
                    + " stalls.",
            "Open loop: a packet's latency counts from when it was due, without the mixing delay that it was to be"
                    + " given.",
            "The relay shares one thread for all by default: one core for it leaves one for the generator.",
            "Writes knee.json, histograms (.hgrm) and charts (.png) into a folder. Takes two to three minutes."
        })
public final class KneeCommand extends ProgramCommand {
    private static final double NS_PER_US = 1_000;
    private static final int PACKETS_MIN = 1_000;
    private static final int PACKETS_MAX = 4_000_000;

    @Option(
            names = "--link",
            paramLabel = "NAME",
            defaultValue = "udp",
            description = {
                "Carrier: udp or tcp (default: ${DEFAULT-VALUE}). Over TCP an overloaded relay loses nothing at first",
                "but holds the generator back: then the knee is the highest rate that it takes without doing so."
            })
    private String link;

    @Option(
            names = "--interval",
            paramLabel = "S",
            defaultValue = "3",
            description = "Seconds that a rate must pass without loss, 0.1 to 600 (default: ${DEFAULT-VALUE}).")
    private double interval;

    @Option(
            names = "--packets",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Distinct packets to prepare, at 2.2 KB; an interval ends with them (default: what 12 s allow).",
                "The forwarder gets frames with nothing but a number, at most ten times as many."
            })
    private int packets;

    @Option(
            names = "--first-rate",
            paramLabel = "R",
            defaultValue = "8000",
            description = "Packets a second that the sweep begins with (default: ${DEFAULT-VALUE}).")
    private double firstRate;

    @Option(
            names = "--resolution",
            paramLabel = "P",
            defaultValue = "3",
            description = "How close the search goes, in percent of the rate (default: ${DEFAULT-VALUE}).")
    private double resolution;

    @Mixin
    private final PathOptions path = new PathOptions("shared", 16);

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of what the generator draws (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "knee",
            description = "Folder for the files, made if it is not there (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Override
    protected int run(Output output) throws Exception {
        final KneeMeasurements measured = new KneeRun(options(), output::note).run();
        final KneeReport report = KneeReport.of(measured, Machine.cpu());
        KneeFiles.write(measured, report, out);
        print(report, output);
        output.line("");
        output.line("Files: " + out.toAbsolutePath().normalize());
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private KneeOptions options() {
        require(interval >= 0.1 && interval <= 600, "--interval must be 0.1 to 600: interval=" + interval);
        require(
                packets == 0 || (packets >= PACKETS_MIN && packets <= PACKETS_MAX),
                "--packets must be " + PACKETS_MIN + " to " + PACKETS_MAX + ": packets=" + packets);
        require(firstRate >= 100 && firstRate <= 1e7, "--first-rate must be 100 to 10000000: firstRate=" + firstRate);
        require(resolution >= 0.1 && resolution <= 50, "--resolution must be 0.1 to 50: resolution=" + resolution);
        require(KneeSocket.LINKS.contains(link), "--link must be udp or tcp: link=" + link);
        path.config();
        return new KneeOptions(
                link.equals("tcp"),
                path.provider(),
                path.threading(),
                path.waitMode(),
                path.batch(),
                path.delay(),
                path.policy(),
                interval,
                packets,
                firstRate,
                resolution / 100,
                seed,
                out);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new UsageError(message);
        }
    }

    private static void print(KneeReport report, Output output) {
        output.line("over " + report.link() + ", provider " + report.provider() + ", threading " + report.threading()
                + ", " + report.policy() + " " + report.delay());
        output.line(report.cpu() + ", JDK " + report.jdk() + ", libsodium " + report.libsodium());
        output.line("");
        output.table(new Table("highest rate without loss", "packets/s", "ended by")
                .row("relay (the knee)", text(report.kneePacketsPerSecond()), report.kneeEndedBy())
                .row("bare forwarder (the floor)", text(report.floorPacketsPerSecond()), report.floorEndedBy()));
        output.line(String.format(
                Locale.ROOT,
                "At the knee a packet comes each %.3f ladders of %,d ns. The host took %.1f %% of the processors' time.",
                report.kneeLadders(),
                report.ladderNs(),
                100 * report.stolenShare()));
        output.line("");
        if (!report.lossBegins().isEmpty()) {
            output.line("Loss begins: " + report.lossBegins());
            output.line("");
        }
        final Table latency = new Table("microseconds, without mixing", "p50", "p90", "p99", "p99.9", "p99.99", "max");
        report.percentiles().forEach((load, values) -> row(latency, "relay at " + load + " %", values));
        report.floorPercentiles().forEach((load, values) -> row(latency, "forwarder at that rate", values));
        report.hiccup().forEach((when, values) -> row(latency, "hiccups, " + when, values));
        output.table(latency);
        output.line("");
        final Table hidden = new Table("load", "entropy bits", "worst 1 %", "effective set", "delays as declared");
        report.anonymity()
                .forEach((load, each) -> hidden.row(
                        load + " %",
                        each.entropyBitsMean(),
                        each.entropyBitsP1(),
                        each.effectiveSetMedian(),
                        String.format(
                                Locale.ROOT,
                                "p = %.3f, D = %.4f; emitted D = %.4f",
                                report.delays().get(load).drawnPValue(),
                                report.delays().get(load).drawnStatistic(),
                                report.delays().get(load).emittedStatistic())));
        output.table(hidden);
    }

    private static void row(Table table, String name, Map<String, Long> values) {
        table.row(
                name,
                micros(values, "p50"),
                micros(values, "p90"),
                micros(values, "p99"),
                micros(values, "p999"),
                micros(values, "p9999"),
                micros(values, "max"));
    }

    private static Number micros(Map<String, Long> values, String name) {
        return Math.round(values.get(name) / NS_PER_US);
    }

    private static String text(double rate) {
        return String.format(Locale.ROOT, "%,.0f", rate);
    }
}
