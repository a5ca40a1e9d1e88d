package io.millrace.cli.report;

import io.millrace.cli.report.Figure.Point;
import io.millrace.cli.report.Figure.Series;
import java.util.ArrayList;
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
    /** The parameter that becomes the colour of a bar, the first that there is: what is compared with what. */
    private static final List<String> COMPARED = List.of("provider", "way", "timer", "wait", "carrier");

    private JmhPart() {}

    static List<ResultTable> tables(KeptRun run) {
        if (run.scores().isEmpty()) {
            return List.of();
        }
        final OptionalDouble ladder = JmhScore.ladderNs(run.scores());
        final List<List<String>> rows = new ArrayList<>();
        for (List<JmhScore> scores : byOwner(run).values()) {
            for (JmhScore each : scores) {
                rows.add(List.of(
                        each.owner() + "." + each.method(),
                        text(each.parameters()),
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
                        "jmh-" + owner.replaceFirst("Benchmark$", "").toLowerCase(Locale.ROOT),
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
                .forEach(each -> methods.computeIfAbsent(each.owner() + "." + each.method(), name -> new ArrayList<>())
                        .add(each));
        final Map<String, List<JmhScore>> owners = new TreeMap<>();
        methods.values()
                .forEach(scores -> owners.computeIfAbsent(scores.getFirst().owner(), owner -> new ArrayList<>())
                        .addAll(scores));
        return owners;
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
        final Map<String, String> others = new LinkedHashMap<>(score.parameters());
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
