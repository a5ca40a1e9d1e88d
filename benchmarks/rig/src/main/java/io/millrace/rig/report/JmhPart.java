package io.millrace.rig.report;

import io.millrace.rig.report.Figure.Point;
import io.millrace.rig.report.Figure.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/** What JMH says: a table of all scores, and a chart per class of benchmarks. */
final class JmhPart {
    /** The parameter that becomes the colour of a bar, the first one: bars of different colours are compared. */
    private static final List<String> COMPARED = List.of("provider", "way", "timer", "wait", "carrier");

    private JmhPart() {}

    static List<ResultTable> tables(KeptRun run) {
        if (run.scores().isEmpty()) {
            return List.of();
        }
        final OptionalDouble ladder = JmhScore.ladderNs(run.scores());
        final List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, List<JmhScore>> owner : byOwner(run).entrySet()) {
            for (JmhScore each : owner.getValue()) {
                rows.add(List.of(
                        owner.getKey() + "." + each.method(),
                        text(each.circumstances()),
                        Numbers.text(each.score()),
                        Numbers.text(each.error()),
                        each.unit(),
                        ladder.isPresent() ? Numbers.text(each.nanoseconds() / ladder.getAsDouble()) : "",
                        Numbers.bytes(each.bytesPerOperation())));
            }
        }
        return List.of(new ResultTable(
                        "Pieces (JMH)",
                        "± is half of the 99.9 % interval, absent where there were fewer than three iterations."
                                + (ladder.isPresent()
                                        ? " A ladder is baselineOneLadder of this run, "
                                                + Numbers.text(ladder.getAsDouble()) + " ns."
                                        : ""),
                        List.of("benchmark", "parameters", "score", "±", "unit", "ladders", "heap B/op"),
                        rows)
                .withoutEmptyColumns());
    }

    static List<Figure> figures(KeptRun run) {
        final List<Figure> figures = new ArrayList<>();
        byOwner(run).forEach((owner, scores) -> {
            final List<JmhScore> timed = scores.stream()
                    .filter(each -> !Double.isNaN(each.nanoseconds()))
                    .toList();
            if (!timed.isEmpty()) {
                figures.add(Figure.bars(
                        "jmh-"
                                + owner.replaceFirst("Benchmark$", "")
                                        .toLowerCase(Locale.ROOT)
                                        .replaceAll("[^a-z0-9-]", "-"),
                        owner,
                        "nanoseconds per operation",
                        categories(timed),
                        series(timed)));
            }
        });
        return figures;
    }

    /** By class, and there by method, so that two files about one method meet. */
    private static Map<String, List<JmhScore>> byOwner(KeptRun run) {
        final Map<String, List<JmhScore>> methods = new LinkedHashMap<>();
        run.scores()
                .forEach(each -> methods.computeIfAbsent(each.benchmark(), name -> new ArrayList<>())
                        .add(each));
        final Map<String, Set<String>> classes = new HashMap<>();
        run.scores()
                .forEach(each -> classes.computeIfAbsent(each.owner(), name -> new HashSet<>())
                        .add(each.className()));
        final Map<String, List<JmhScore>> owners = new TreeMap<>();
        methods.values().forEach(scores -> {
            final JmhScore first = scores.getFirst();
            // Two classes of one simple name are shown by their full names.
            final String name = classes.get(first.owner()).size() > 1 ? first.className() : first.owner();
            owners.computeIfAbsent(name, owner -> new ArrayList<>()).addAll(scores);
        });
        return owners;
    }

    /** How charts differ from the scores of a run: those converted, and those left out, a line per class and unit. */
    static List<String> remarks(KeptRun run) {
        final Map<String, Integer> counts = new TreeMap<>();
        for (JmhScore each : run.scores()) {
            final String unit = each.owner() + " in " + each.unit();
            if (!each.isOfTime()) {
                counts.merge(
                        unit + ": no chart, which needs time per operation or operations per time", 1, Integer::sum);
            } else if (Double.isNaN(each.nanoseconds())) {
                counts.merge(unit + ": no chart, for lack of a score above 0", 1, Integer::sum);
            } else if (each.mode().equals(JmhScore.THROUGHPUT)) {
                counts.merge(unit + ": drawn as nanoseconds per operation", 1, Integer::sum);
            }
        }
        final List<String> lines = new ArrayList<>();
        counts.forEach((what, count) -> lines.add("run " + run.name() + ": " + count + " of " + what));
        return lines;
    }

    private static List<String> categories(List<JmhScore> scores) {
        final Set<String> names = new LinkedHashSet<>();
        scores.forEach(each -> names.add(category(each)));
        return List.copyOf(names);
    }

    private static List<Series> series(List<JmhScore> scores) {
        final List<String> categories = categories(scores);
        final Map<String, List<Point>> byName = new LinkedHashMap<>();
        scores.forEach(each -> byName.computeIfAbsent(
                        compared(each).map(each.parameters()::get).orElse("score"), name -> new ArrayList<>())
                .add(new Point(categories.indexOf(category(each)), each.nanoseconds(), each.errorNanoseconds())));
        return byName.entrySet().stream()
                .map(each -> new Series(each.getKey(), each.getValue()))
                .toList();
    }

    static Optional<String> compared(JmhScore score) {
        return COMPARED.stream().filter(score.parameters()::containsKey).findFirst();
    }

    private static String category(JmhScore score) {
        final Map<String, String> others = new LinkedHashMap<>(score.circumstances());
        compared(score).ifPresent(others::remove);
        return others.isEmpty() ? score.method() : score.method() + " " + text(others);
    }

    private static String text(Map<String, String> parameters) {
        return String.join(
                " ",
                parameters.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList());
    }
}
