package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.rig.input.InputException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A figure of a run that compares with the same figure of another run.
 *
 * @param error half of its interval, NaN where there is none.
 * @param unit in which {@code value} and {@code error} are; the same for all units that convert to each other.
 */
record RunFigure(double value, double error, String unit, boolean moreIsBetter) {
    /**
     * All figures of a run by name. The name has everything that must be equal for figures to compare.
     *
     * @throws InputException if a run has two figures of one name.
     */
    static Map<String, RunFigure> of(KeptRun run) {
        final Map<String, RunFigure> figures = new TreeMap<>();
        for (JmhScore score : run.scores()) {
            put(
                    figures,
                    run,
                    name(score),
                    new RunFigure(
                            score.score() * score.toBaseUnit(),
                            score.error() * score.toBaseUnit(),
                            score.baseUnit(),
                            score.mode().equals(JmhScore.THROUGHPUT)));
        }
        run.benches().forEach((name, bench) -> bench(figures, run, name, bench));
        run.otherBenches().forEach((name, bench) -> bench(figures, run, name, bench));
        if (!run.knee().isMissingNode()) {
            knee(figures, run);
        }
        return figures;
    }

    private static String name(JmhScore score) {
        final StringBuilder name = new StringBuilder(score.benchmark());
        new TreeMap<>(score.parameters())
                .forEach(
                        (key, value) -> name.append(' ').append(key).append('=').append(value));
        name.append(" mode=").append(score.mode()).append(" threads=").append(score.threads());
        return score.batch() == 1 ? name.toString() : name + " batch=" + score.batch();
    }

    /** One run has no interval: its figures are compared, and never beyond doubt. */
    private static void bench(Map<String, RunFigure> figures, KeptRun run, String name, JsonNode bench) {
        BenchName.FIGURES.forEach((figure, moreIsBetter) -> {
            if (bench.path(figure).isNumber()) {
                put(
                        figures,
                        run,
                        "bench-" + BenchName.of(name, bench) + " " + figure,
                        new RunFigure(bench.path(figure).asDouble(), Double.NaN, figure, moreIsBetter));
            }
        });
    }

    /** Earlier runs called the half point the knee, and were all of the best case. */
    private static void knee(Map<String, RunFigure> figures, KeptRun run) {
        final String name =
                "knee, " + KneeSection.link(run.knee()) + ", " + KneeSection.circumstances(run.knee()) + " case, ";
        final boolean both = KneeSection.isKnee(run.knee());
        final String half = both ? "halfPointPacketsPerSecond" : "kneePacketsPerSecond";
        put(figures, run, name + "half point", rate(run.knee().path(half)));
        if (both) {
            put(figures, run, name + "knee", rate(run.knee().path("kneePacketsPerSecond")));
        }
    }

    private static RunFigure rate(JsonNode rate) {
        return new RunFigure(rate.asDouble(Double.NaN), Double.NaN, "packets/s", true);
    }

    private static void put(Map<String, RunFigure> figures, KeptRun run, String name, RunFigure figure) {
        if (figures.put(name, figure) != null) {
            throw new InputException("a figure that a run has twice: run=" + run.name() + ", figure=" + name);
        }
    }
}
