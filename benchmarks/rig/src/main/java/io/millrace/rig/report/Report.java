package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.rig.report.Figure.Point;
import io.millrace.rig.report.Figure.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * All that is shown.
 *
 * @param history headline figures of every run.
 * @param sections one per run, newest first.
 */
record Report(List<ResultTable> history, List<Figure> historyFigures, List<Section> sections) {
    /** Figures of one run; a figure without data is not in it. */
    record Section(KeptRun run, List<ResultTable> tables, List<Figure> figures) {
        static Section of(KeptRun run) {
            final List<ResultTable> tables = new ArrayList<>(BenchPart.tables(run));
            tables.addAll(MatrixPart.tables(run));
            tables.addAll(KneeSection.tables(run));
            tables.addAll(JmhPart.tables(run));
            final List<Figure> figures = new ArrayList<>(BenchPart.figures(run));
            figures.addAll(MatrixPart.figures(run));
            figures.addAll(KneeSection.figures(run));
            figures.addAll(JmhPart.figures(run));
            return new Section(
                    run,
                    tables.stream().filter(table -> !table.rows().isEmpty()).toList(),
                    figures.stream().filter(Figure::hasData).toList());
        }
    }

    static Report of(List<KeptRun> runs) {
        final List<Section> sections = runs.stream().map(Section::of).toList();
        final List<Figure> figures =
                figures(runs).stream().filter(Figure::hasData).toList();
        return new Report(figures.isEmpty() ? List.of() : List.of(history(runs)), figures, sections);
    }

    private static ResultTable history(List<KeptRun> runs) {
        final List<List<String>> rows = new ArrayList<>();
        for (KeptRun run : runs) {
            run.benches()
                    .forEach((name, bench) -> rows.add(List.of(
                            run.label(),
                            run.machine(),
                            BenchName.of(name, bench),
                            Numbers.text(bench.path("hopLadders")),
                            Numbers.text(bench.path("packetsPerSecondPerCore")),
                            KneeSection.rate(run.knee(), "knee"))));
        }
        return new ResultTable(
                        "History",
                        "Ladders compare across machines and days; packets per second do not.",
                        List.of(
                                "run",
                                "processor",
                                "run of bench",
                                "ladders",
                                "packets/s/core",
                                "knee of the run, packets/s"),
                        rows)
                .withoutEmptyColumns();
    }

    private static List<Figure> figures(List<KeptRun> newestFirst) {
        final List<KeptRun> runs = newestFirst.reversed();
        final TreeSet<String> names = new TreeSet<>();
        runs.forEach(run -> run.benches().forEach((name, bench) -> names.add(BenchName.of(name, bench))));
        final Map<String, List<Point>> byName = new LinkedHashMap<>();
        names.forEach(name -> byName.put(name, new ArrayList<>()));
        for (int index = 0; index < runs.size(); index++) {
            for (Map.Entry<String, JsonNode> bench : runs.get(index).benches().entrySet()) {
                byName.get(BenchName.of(bench.getKey(), bench.getValue()))
                        .add(new Point(
                                index, bench.getValue().path("hopLadders").asDouble()));
            }
        }
        return List.of(Figure.bars(
                "history",
                "Ladders per packet, run by run",
                "ladders per packet",
                runs.stream()
                        .map(run -> run.machine().isEmpty() ? run.label() : run.label() + ", " + run.machine())
                        .toList(),
                byName.entrySet().stream()
                        .map(each -> new Series(each.getKey(), each.getValue()))
                        .toList()));
    }
}
