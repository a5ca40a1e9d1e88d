package io.millrace.cli.explain;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.rig.explain.Cause;
import io.millrace.rig.explain.ExplainReport;
import io.millrace.rig.explain.RecordingAnalysis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}: why the slowest packets of a flight recording were slow. */
@Command(
        name = "explain",
        description = {
            "Explains the slowest packets of a flight recording.",
            "Each sampled packet beyond the 99.9th percentile, or the slowest ten of a short recording, is compared"
                    + " with garbage collection, safepoints, compilation, rolls of epochs and keys, threads that did"
                    + " not run, and the wheel's lag.",
            "Recordings come from bench --jfr, knee --jfr, or from a relay whose JVM records and was asked for packets:",
            "-XX:StartFlightRecording=filename=F,+millrace.PacketPath#enabled=true,+millrace.Batch#enabled=true.",
            "Such a recording maps arrivals to departures: keep it as secret as the relay's keys."
        })
public final class ExplainCommand extends ProgramCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Parameters(paramLabel = "FILE", description = "The recording.")
    @PathOption(PathKind.FILE)
    private Path file;

    @Option(
            names = "--beyond",
            paramLabel = "PERCENTILE",
            defaultValue = "99.9",
            description = "Percentile beyond which a packet is explained, 0 to 99.999 (default: ${DEFAULT-VALUE}).")
    private double beyond;

    @Override
    protected int run(Output output) throws IOException, InterruptedException {
        if (!(beyond >= 0 && beyond <= RecordingAnalysis.BEYOND_MAX)) {
            throw new UsageError("--beyond must be 0 to " + RecordingAnalysis.BEYOND_MAX + ": beyond=" + beyond);
        }
        final ExplainReport report = RecordingAnalysis.explain(file, beyond, PATIENCE);
        print(report, output);
        output.object(report);
        return ExitCode.OK;
    }

    private static void print(ExplainReport report, Output output) {
        final Map<String, Long> latency = report.latencyNs();
        output.line(Figures.whole(report.packets()) + " sampled packets; time in the relay without their delay: p50 "
                + Figures.micros(latency.get("p50")) + " µs, p99 " + Figures.micros(latency.get("p99")) + " µs, p99.9 "
                + Figures.micros(latency.get("p999")) + " µs, at most " + Figures.micros(latency.get("max")) + " µs");
        output.line(Figures.whole(report.outliers()) + " of them beyond the percentile "
                + Figures.text("%.1f", report.percentile()) + "; their slowest stages: "
                + Figures.counts(report.slowestStages()));
        output.line("");
        final Table table =
                new Table("cause", "lateness (µs)", "backlog after it (µs)", "share", "outliers", "meaning");
        for (ExplainReport.Share share : report.causes()) {
            table.row(
                    share.cause(),
                    Figures.micros(share.totalNs()),
                    share.backlogNs() == 0 ? "" : Figures.micros(share.backlogNs()),
                    Figures.percent(share.share()),
                    share.outliers(),
                    Arrays.stream(Cause.values())
                            .filter(cause -> cause.label().equals(share.cause()))
                            .findFirst()
                            .orElseThrow()
                            .meaning());
        }
        output.table(table);
        output.line("");
        output.line("In the whole recording: " + Figures.counts(report.events()) + "; packets in a batch: "
                + Figures.counts(report.batchPackets()) + "; drops: " + Figures.counts(report.drops()));
    }
}
