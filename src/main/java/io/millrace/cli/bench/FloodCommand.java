package io.millrace.cli.bench;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Section;
import io.millrace.cli.console.StepLine;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.UsedWith;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.rig.attack.AttackReport;
import io.millrace.rig.attack.AttackSuite;
import io.millrace.rig.flood.FloodReport;
import io.millrace.rig.flood.HtxFlood;
import io.millrace.rig.process.JavaCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench flood}: legitimate sessions under hostile connections. */
@Command(
        name = "flood",
        description = {
            "Measures legitimate sessions while hostile connections arrive.",
            "Prints throughput and latency with and without the attackers, and rejections by reason.",
            "With --attacks it measures each attack by itself, from one address, one /24 and one IPv6 /48; --seconds is"
                    + " then the time of each with its attack, in slices of 0.5 s, each paired with one without."
        })
final class FloodCommand extends ProgramCommand {
    private static final int SECONDS = 10;

    @Mixin
    private final SecondsOption seconds = new SecondsOption(SECONDS);

    @UsedWith(not = "--attacks")
    @Section(Section.LOAD)
    @Option(
            names = "--attackers",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "10000",
            description = "Hostile connections, 20 to 60000 (default: 10000).")
    private int attackers = 10_000;

    @Section(Section.LOAD)
    @Option(
            names = "--attacks",
            paramLabel = "NAMES",
            arity = "0..1",
            fallbackValue = "all",
            description = "Measure one attack at a time: all, or those named, with commas between them.")
    private String attacks;

    @Override
    protected int run(Output output) throws InterruptedException, IOException {
        final int measured = seconds.get();
        if (attacks != null) {
            return attacks(measured, output);
        }
        if (attackers < 20 || attackers > 60_000) {
            throw new UsageError("--attackers must be 20 to 60000: attackers=" + attackers);
        }
        JavaCommand.remark().ifPresent(output::note);
        final FloodReport report;
        try (StepLine steps = new StepLine("bench flood", output)) {
            report = new HtxFlood(attackers, Duration.ofSeconds(measured), AdmissionConfig.DEFAULT, steps.progress())
                    .measure();
        }
        FloodPrinter.print(report, output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private int attacks(int measured, Output output) throws InterruptedException, IOException {
        final List<String> named = attacks.equals("all") ? AttackSuite.names() : List.of(attacks.split(","));
        for (String each : named) {
            if (!AttackSuite.names().contains(each)) {
                throw new UsageError(
                        "--attacks: " + each + " must be one of " + String.join(", ", AttackSuite.names()));
            }
        }
        final AttackReport report;
        try (StepLine steps = new StepLine("bench flood", output)) {
            report = new AttackSuite(measured, AdmissionConfig.DEFAULT, steps.progress()).run(named);
        }
        AttackPrinter.print(report, output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }
}
