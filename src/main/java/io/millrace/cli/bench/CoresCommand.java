package io.millrace.cli.bench;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Section;
import io.millrace.cli.console.StepLine;
import io.millrace.cli.console.UsageError;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.rig.bed.BenchFixture;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import io.millrace.rig.cores.CoresReport;
import io.millrace.rig.cores.CoresRun;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench cores}: how relays scale over processors. */
@Command(
        name = "cores",
        description = {
            "Measures how relays scale over processors.",
            "Engines that share nothing, one on each of 1, 2, 4 and so on processors; and one engine with as many peeling"
                    + " threads as it has processors. --seconds counts per number and way. --threading is that of the"
                    + " engines that share nothing.",
            "For more processors than the machine has it prints a model, and says so."
        })
final class CoresCommand extends ProgramCommand {
    private static final int NEIGHBOURS = 2;
    private static final int SECONDS = 3;
    private static final int MOST = 1_024;

    @Mixin
    private final SecondsOption seconds = new SecondsOption(SECONDS);

    @Section(Section.RUN)
    @Option(names = "--most", paramLabel = "N", description = "Most processors to use, 1 to 1024 (default: all).")
    private int most = MOST;

    @Mixin
    private final LoopOptions loop = new LoopOptions("shared");

    @Override
    protected int run(Output output) throws IOException, InterruptedException {
        final int each = seconds.get();
        if (most < 1 || most > MOST) {
            throw new UsageError("--most must be 1 to " + MOST + ": most=" + most);
        }
        final MeasuredPath path = loop.measured(ReplayMode.EXACT, Optional.empty());
        final CoresReport report;
        final BatchCrypto crypto = CryptoProviders.byName(path.provider());
        try (BenchFixture bed = new BenchFixture(crypto, path.engine().profile(), loop.packets(), NEIGHBOURS);
                StepLine steps = new StepLine("bench cores", output)) {
            report = new CoresRun(path, bed, crypto, most, each, steps.progress()).run();
        }
        CoresPrinter.print(report, output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }
}
