package io.millrace.cli.bench;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Section;
import io.millrace.cli.console.StepLine;
import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.Given;
import io.millrace.rig.htx.HtxBench;
import io.millrace.rig.htx.HtxBenchReport;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench htx}: frames, key changes, streams and handshakes. */
@Command(
        name = "htx",
        description = {
            "Measures frames, key changes, streams and handshakes of HTX.",
            "The bare AEAD over the same bytes is measured for comparison."
        })
final class HtxCommand extends ProgramCommand {
    private static final int SECONDS = 10;

    @Mixin
    private final SecondsOption seconds = new SecondsOption(SECONDS);

    @Section(Section.RELAY)
    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description = "Crypto provider: auto, lanes, lanes:LEVEL (avx2, avx512, ifma, neon) or sodium (default:"
                    + " ${DEFAULT-VALUE}, the fastest that this machine runs).")
    private String provider = "auto";

    @Override
    protected int run(Output output) throws IOException {
        final int measured = seconds.get();
        Given.none(EngineKeys.SECTION).with(EngineKeys.PROVIDER, provider, "--provider");
        final HtxBenchReport report;
        try (StepLine steps = new StepLine("bench htx", output)) {
            report = new HtxBench(measured, provider, steps.progress()).measure();
        }
        HtxPrinter.print(report, output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }
}
