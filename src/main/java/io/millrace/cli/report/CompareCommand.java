package io.millrace.cli.report;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.rig.report.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compare}: what {@code perf-scripts/compare} runs. */
@Command(
        name = "compare",
        hidden = true,
        description = {
            "Compares each figure of a kept run with the same figure of another.",
            "Figures are the same if benchmark, parameters, mode and threads are; units are converted.",
            "Exit 1: a figure is slower, or one of OLD is missing in NEW."
        })
public final class CompareCommand extends ProgramCommand {
    private static final double PERCENT = 100;

    @Parameters(index = "0", paramLabel = "OLD", description = "Folder of a run, or its name in jmh-results.")
    @PathOption(PathKind.PLACE)
    private Path old;

    @Parameters(index = "1", paramLabel = "NEW", description = "Folder of the run that is held against it.")
    @PathOption(PathKind.PLACE)
    private Path current;

    @Option(
            names = "--threshold",
            paramLabel = "PERCENT",
            defaultValue = "10",
            description = "Change that counts, 0 or more (default: ${DEFAULT-VALUE}).")
    private double threshold;

    @Option(names = "--allow-missing", description = "Let figures of OLD be missing in NEW.")
    private boolean allowMissing;

    @Override
    protected int run(Output output) throws IOException {
        if (!(threshold >= 0 && threshold < Double.POSITIVE_INFINITY)) {
            throw new UsageError("--threshold must be 0 or more: threshold=" + threshold);
        }
        final Comparison comparison = Comparison.of(
                new Comparison.Run(old.toString(), folder(old)),
                new Comparison.Run(current.toString(), folder(current)),
                threshold / PERCENT);
        comparison.lines().forEach(line -> output.line(text(line)));
        comparison.onlyOld().forEach(name -> output.line("MISSING                  " + name));
        comparison.onlyNew().forEach(name -> output.line("new                      " + name));
        output.line(String.format(
                Locale.ROOT,
                "%d compared, %d slower; only old: %d, only new: %d",
                comparison.lines().size(),
                comparison.slower(),
                comparison.onlyOld().size(),
                comparison.onlyNew().size()));
        output.object(comparison);
        return comparison.slower() > 0
                        || (!allowMissing && !comparison.onlyOld().isEmpty())
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    private static Path folder(Path given) {
        final Path folder =
                Files.isDirectory(given) ? given : Path.of("jmh-results").resolve(given);
        if (!Files.isDirectory(folder)) {
            throw new UsageError("no such run: " + given);
        }
        return folder;
    }

    private static String text(Comparison.Line line) {
        return String.format(
                Locale.ROOT,
                "%-7s %6.3f %-9s %s",
                line.verdict(),
                line.ratio(),
                Double.isNaN(line.spread()) ? "± ?" : String.format(Locale.ROOT, "± %.3f", line.spread()),
                line.name());
    }
}
