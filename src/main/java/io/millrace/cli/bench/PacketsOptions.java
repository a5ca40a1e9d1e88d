package io.millrace.cli.bench;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.Section;
import io.millrace.cli.console.StepLine;
import io.millrace.cli.console.UsageError;
import io.millrace.receipt.SigningMode;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import io.millrace.rig.bench.BenchOptions;
import io.millrace.rig.bench.BenchReport;
import io.millrace.rig.bench.BenchRun;
import io.millrace.rig.bench.Injection;
import io.millrace.rig.judge.Mutant;
import io.millrace.vrf.DelayPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code packets} and {@code receipts}, and their run; a picocli mixin. */
final class PacketsOptions {
    private static final int SECONDS = 10;
    private static final int WARMUP_LIMIT_SECONDS = 3;

    @Mixin
    private final SecondsOption seconds = new SecondsOption(SECONDS);

    @Mixin
    private final LoopOptions loop = new LoopOptions("split");

    @Section(Section.LOAD)
    @Option(
            names = "--best-case",
            description = "Measure one neighbour to each side and no journal, to compare with earlier runs.")
    private boolean bestCase;

    @Section(Section.RESULT)
    @Option(
            names = "--jfr",
            paramLabel = "FILE",
            description = "Write a flight recording of the run, for explain and JDK Mission Control.")
    @PathOption(PathKind.WRITTEN_IN_PLACE)
    private Path recording;

    @Option(
            names = "--slow-peel",
            paramLabel = "NS",
            hidden = true,
            description = "Slow the peel stage down by NS nanoseconds a packet: shows that perf-scripts/gate notices.")
    private long slowPeelNs;

    @Option(
            names = "--inject-gc",
            hidden = true,
            description = "Collect all garbage every 500 ms: shows that explain notices.")
    private boolean injectGc;

    @Option(
            names = "--inject-stall",
            paramLabel = "MS",
            hidden = true,
            description =
                    "Stall the wheel's thread for MS milliseconds, 500 ms after the last stall: shows that explain"
                            + " notices.")
    private int injectStallMs;

    @Option(
            names = "--mutant",
            paramLabel = "NAME",
            hidden = true,
            description =
                    "Let the relay under test cheat, to show that bench notices: no-delay, equal-delays, frozen-epoch,"
                            + " wrong-law, halved, early-1pct, front-1pct.")
    private String mutant;

    /** Measures and prints; returns the exit code. */
    int run(Optional<SigningMode> receipts, Output output) throws InterruptedException, IOException {
        final BenchOptions options = options(receipts);
        final BenchReport report;
        try (StepLine steps = new StepLine(receipts.isPresent() ? "bench receipts" : "bench packets", output)) {
            report = new BenchRun(options, steps.progress()).run();
        }
        BenchPrinter.print(report, output);
        if (recording != null) {
            output.line("Recording: " + recording.toAbsolutePath().normalize());
        }
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private BenchOptions options(Optional<SigningMode> receipts) throws IOException {
        final int measuredSeconds = seconds.get();
        final MeasuredPath path = loop.measured(bestCase ? ReplayMode.EXACT : ReplayMode.JOURNALLED, receipts);
        return new BenchOptions(
                path,
                loop.packets(),
                Math.min(WARMUP_LIMIT_SECONDS, measuredSeconds),
                measuredSeconds,
                slowPeelNs,
                Optional.ofNullable(recording),
                bestCase ? BenchOptions.BEST_CASE : BenchOptions.ORDINARY,
                mutant(path.policy()),
                injectGc || injectStallMs > 0 ? new Injection(injectGc, injectStallMs) : Injection.NONE);
    }

    private Optional<Mutant> mutant(DelayPolicy policy) {
        if (mutant == null) {
            return Optional.empty();
        }
        try {
            final Mutant named = Mutant.byLabel(mutant);
            if (named == Mutant.TICK_ORDER || policy != DelayPolicy.EPOCH_VRF) {
                throw new UsageError("--mutant=" + mutant
                        + ": tick-order is for engine tests, and the others need --policy epoch-vrf");
            }
            return Optional.of(named);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--mutant=" + mutant + ": " + e.getMessage(), e);
        }
    }
}
