package io.millrace.cli.bench;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Section;
import io.millrace.cli.console.StepLine;
import io.millrace.cli.console.UsageError;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.receipt.SigningMode;
import io.millrace.rig.bed.BenchFixture;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import io.millrace.rig.matrix.MatrixCells;
import io.millrace.rig.matrix.MatrixChart;
import io.millrace.rig.matrix.MatrixReport;
import io.millrace.rig.matrix.MatrixRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench matrix}: the cost of each feature of the packet path. */
@Command(
        name = "matrix",
        description = {
            "Measures the cost of each feature of the packet path.",
            "Each feature is switched alone against the path that the options describe, in rounds next to rounds of that"
                    + " path. --seconds counts per setting."
        })
final class MatrixCommand extends ProgramCommand {
    private static final int NEIGHBOURS = 2;
    private static final int SECONDS = 3;

    @Mixin
    private final SecondsOption seconds = new SecondsOption(SECONDS);

    @Section(Section.RUN)
    @Option(
            names = "--only",
            paramLabel = "FEATURE",
            split = ",",
            description = {
                "These features alone, of links, dh, provider, replay, delay, receipts, counters, batch, threading,"
                        + " wait, state and together."
            })
    private List<String> only = List.of();

    @Mixin
    private final LoopOptions loop = new LoopOptions("shared");

    @Section(Section.RELAY)
    @Option(
            names = "--receipts",
            paramLabel = "MODE",
            description = "Let every packet leave a receipt, signed by batch or single (default: none).")
    private SigningMode receipts;

    @Section(Section.RESULT)
    @Option(names = "--chart", paramLabel = "FILE", description = "Write the ledger as a waterfall chart (PNG).")
    @PathOption(PathKind.WRITTEN_FILE)
    private Path chart;

    @Override
    protected int run(Output output) throws IOException, InterruptedException {
        final int each = seconds.get();
        final MeasuredPath path = loop.measured(ReplayMode.EXACT, Optional.ofNullable(receipts));
        final MatrixCells cells = MatrixCells.of(path, features());
        final MatrixReport report;
        try (BenchFixture bed = new BenchFixture(
                        CryptoProviders.byName(path.provider()), path.engine().profile(), loop.packets(), NEIGHBOURS);
                StepLine steps = new StepLine("bench matrix", output)) {
            report = new MatrixRun(cells, bed, each, steps.progress()).run();
        }
        MatrixPrinter.print(report, output);
        if (chart != null) {
            MatrixChart.write(report, chart);
            output.line("");
            output.line("Chart: " + chart.toAbsolutePath().normalize());
        }
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private Set<String> features() {
        for (String feature : only) {
            if (!MatrixCells.FEATURES.contains(feature)) {
                throw new UsageError("--only must be of " + MatrixCells.FEATURES + ": only=" + feature);
            }
        }
        return new LinkedHashSet<>(only.isEmpty() ? MatrixCells.FEATURES : only);
    }
}
