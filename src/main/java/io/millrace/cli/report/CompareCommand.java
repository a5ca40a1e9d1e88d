package io.millrace.cli.report;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        final Map<String, RunFigure> before = RunFigure.of(read(old));
        final Map<String, RunFigure> after = RunFigure.of(read(current));
        final Comparison comparison = Comparison.of(before, after, threshold / PERCENT);
        if (comparison.lines().isEmpty()) {
            throw new UsageError("nothing to compare, no figure is in both: old=" + old + " (" + before.size()
                    + " figures), new=" + current + " (" + after.size() + " figures)");
        }
        comparison.lines().forEach(line -> output.line(line.text()));
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

    private static KeptRun read(Path given) throws IOException {
        final Path kept = Path.of("jmh-results").resolve(given);
        final Path folder = Files.isDirectory(given) ? given : kept;
        if (!Files.isDirectory(folder)) {
            throw new UsageError("no such run: " + given);
        }
        return KeptRuns.run(folder, given.toString());
    }

    /**
     * How the figures of two runs compare; also its form in JSON.
     *
     * @param slower how many of {@code lines} are slower beyond doubt.
     * @param onlyOld figures of the old run that the new one lacks.
     * @param onlyNew figures of the new run that the old one lacks.
     */
    public record Comparison(List<Line> lines, long slower, List<String> onlyOld, List<String> onlyNew) {
        static Comparison of(Map<String, RunFigure> before, Map<String, RunFigure> after, double threshold) {
            final List<Line> lines = after.entrySet().stream()
                    .filter(entry -> before.containsKey(entry.getKey()))
                    .map(entry -> Line.of(entry.getKey(), before.get(entry.getKey()), entry.getValue(), threshold))
                    .toList();
            return new Comparison(
                    lines,
                    lines.stream()
                            .filter(line -> line.verdict().equals(Line.SLOWER))
                            .count(),
                    before.keySet().stream()
                            .filter(name -> !after.containsKey(name))
                            .toList(),
                    after.keySet().stream()
                            .filter(name -> !before.containsKey(name))
                            .toList());
        }
    }

    /**
     * One figure.
     *
     * @param verdict {@code SLOWER} or {@code faster} beyond doubt, {@code ?} where there is a doubt, or empty.
     * @param ratio new to old, in the same unit.
     * @param spread of the ratio, NaN where a run has no interval.
     */
    public record Line(String name, String verdict, double ratio, double spread) {
        static final String SLOWER = "SLOWER";

        static Line of(String name, RunFigure old, RunFigure now, double threshold) {
            if (!old.unit().equals(now.unit())) {
                throw new UsageError(
                        "units that do not convert: figure=" + name + ", old=" + old.unit() + ", new=" + now.unit());
            }
            final double ratio = now.value() / old.value();
            final double spread = Math.hypot(now.error() / now.value(), old.error() / old.value());
            final double worse = now.moreIsBetter() ? 1 / ratio : ratio;
            final String verdict;
            if (worse * (1 - spread) > 1 + threshold) {
                verdict = SLOWER;
            } else if (worse * (1 + spread) < 1 - threshold) {
                verdict = "faster";
            } else {
                // Also where a figure is zero or none: what cannot be told is not alike.
                verdict = Double.isNaN(spread) && !(Math.abs(worse - 1) <= threshold) ? "?" : "";
            }
            return new Line(name, verdict, ratio, spread * ratio);
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%-7s %6.3f %-9s %s",
                    verdict,
                    ratio,
                    Double.isNaN(spread) ? "+- ?" : String.format(Locale.ROOT, "+- %.3f", spread),
                    name);
        }
    }
}
