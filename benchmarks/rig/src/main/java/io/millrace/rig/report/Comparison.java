package io.millrace.rig.report;

import io.millrace.rig.input.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How the figures of two kept runs compare; also its form in JSON.
 *
 * @param lines figures of both runs, by name.
 * @param slower how many of {@code lines} are slower beyond doubt.
 * @param onlyOld figures of the old run that the new one lacks.
 * @param onlyNew figures of the new run that the old one lacks.
 */
public record Comparison(List<Line> lines, long slower, List<String> onlyOld, List<String> onlyNew) {
    /**
     * A kept run.
     *
     * @param name for messages.
     * @param folder of its files; exists.
     */
    public record Run(String name, Path folder) {}

    /**
     * Compares.
     *
     * @param old the run that is compared with.
     * @param now the run that is judged.
     * @param threshold change that counts, as a share, 0 or more.
     * @return the comparison, of one figure at least.
     * @throws InputException if a file of a run is damaged, or no figure is in both.
     * @throws IOException if a file cannot be read.
     */
    public static Comparison of(Run old, Run now, double threshold) throws IOException {
        final Map<String, RunFigure> before = RunFigure.of(KeptRuns.run(old.folder, old.name));
        final Map<String, RunFigure> after = RunFigure.of(KeptRuns.run(now.folder, now.name));
        final List<Line> lines = after.entrySet().stream()
                .filter(entry -> before.containsKey(entry.getKey()))
                .map(entry -> Line.of(entry.getKey(), before.get(entry.getKey()), entry.getValue(), threshold))
                .toList();
        if (lines.isEmpty()) {
            throw new InputException("nothing to compare, no figure is in both: old=" + old.name + " (" + before.size()
                    + " figures), new=" + now.name + " (" + after.size() + " figures)");
        }
        return new Comparison(
                lines,
                lines.stream().filter(line -> line.verdict.equals(Line.SLOWER)).count(),
                before.keySet().stream()
                        .filter(name -> !after.containsKey(name))
                        .toList(),
                after.keySet().stream()
                        .filter(name -> !before.containsKey(name))
                        .toList());
    }

    /**
     * One figure.
     *
     * @param name of the figure, with its parameters.
     * @param verdict {@code SLOWER} or {@code faster} beyond doubt, {@code ?} where there is a doubt, or empty.
     * @param ratio new to old, in the same unit.
     * @param spread of the ratio, NaN where a run has no interval.
     */
    public record Line(String name, String verdict, double ratio, double spread) {
        static final String SLOWER = "SLOWER";

        static Line of(String name, RunFigure old, RunFigure now, double threshold) {
            if (!old.unit().equals(now.unit())) {
                throw new InputException(
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
                // Also where a figure is zero or none: no verdict is not the same as no change.
                verdict = Double.isNaN(spread) && !(Math.abs(worse - 1) <= threshold) ? "?" : "";
            }
            return new Line(name, verdict, ratio, spread * ratio);
        }
    }
}
