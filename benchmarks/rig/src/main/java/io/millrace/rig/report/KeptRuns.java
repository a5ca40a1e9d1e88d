package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.rig.input.InputException;
import io.millrace.rig.input.JsonFile;
import io.millrace.rig.report.Figure.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the runs that {@code index.jsonl} names. A file that cannot be understood is a {@link InputException} naming it. */
final class KeptRuns {
    private static final String INDEX = "index.jsonl";
    private static final String KNEE = "knee";
    private static final String MATRIX = "matrix";
    private static final String DECIMAL = "[0-9]+(\\.[0-9]+)?";
    private static final int HGRM_COLUMNS = 4;

    private KeptRuns() {}

    /** All runs, newest first: the index is appended to. A run that it names twice counts once, where it is named last. */
    static List<KeptRun> read(Path results) throws IOException {
        final Path index = results.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new InputException("no kept runs: index=" + index);
        }
        final Set<String> names = new LinkedHashSet<>();
        int number = 0;
        for (String line : JsonFile.text(index).lines().toList()) {
            number++;
            if (!line.isBlank()) {
                final String name =
                        JsonFile.json(line, index, number).path("run").asText();
                if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                    throw new InputException("not the name of a run: index=" + index + ", run=" + name);
                }
                names.remove(name);
                names.add(name);
            }
        }
        final List<KeptRun> runs = new ArrayList<>();
        for (String name : names) {
            if (!Files.isDirectory(results.resolve(name))) {
                throw new InputException("the index names a run that is not there: index=" + index + ", folder="
                        + results.resolve(name));
            }
            runs.add(run(results.resolve(name), name));
        }
        return runs.reversed();
    }

    /**
     * Reads the run of a folder.
     *
     * @param name under which it is shown.
     * @throws InputException if a file of it does not fit its name.
     */
    static KeptRun run(Path folder, String name) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException("no such run: folder=" + folder);
        }
        final Map<String, JsonNode> benches = new LinkedHashMap<>();
        final Map<String, JsonNode> otherBenches = new LinkedHashMap<>();
        final Map<String, JsonNode> levels = new LinkedHashMap<>();
        final List<JmhScore> scores = new ArrayList<>();
        final List<String> notRead = new ArrayList<>();
        for (Path file : files(folder, ".json")) {
            final String stem = stem(file);
            if (stem.startsWith("bench-")) {
                final JsonNode bench = bench(file);
                (bench.path("hopLadders").isNumber() ? benches : otherBenches)
                        .put(stem.substring("bench-".length()), bench);
            } else if (stem.startsWith("level-")) {
                levels.put(stem.substring("level-".length()), bench(file));
            } else if (stem.startsWith("jmh")) {
                scores.addAll(JmhScore.all(JsonFile.json(file), file));
            } else if (!stem.equals(MATRIX)) {
                notRead.add(file.getFileName().toString());
            }
        }
        final Path knee = folder.resolve(KNEE);
        final Map<String, List<Point>> curves = new LinkedHashMap<>();
        for (Path file : files(knee, ".hgrm")) {
            curves.put(stem(file), curve(file));
        }
        return new KeptRun(
                name,
                environment(folder.resolve("environment.txt")),
                lines(folder.resolve("commands.txt")),
                benches,
                otherBenches,
                levels,
                matrix(folder),
                knee(knee),
                otherKnees(folder),
                curves,
                scores,
                notRead);
    }

    private static JsonNode bench(Path file) throws IOException {
        final JsonNode content = JsonFile.json(file);
        if (BenchName.FIGURES.keySet().stream()
                .noneMatch(figure -> content.path(figure).isNumber())) {
            throw new InputException("not a result of bench, it has none of the figures "
                    + String.join(", ", BenchName.FIGURES.keySet()) + ": file=" + file);
        }
        return content;
    }

    private static JsonNode matrix(Path folder) throws IOException {
        final Path file = folder.resolve(MATRIX + ".json");
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        if (!Files.isRegularFile(folder.resolve(KeptRun.MATRIX_CHART))) {
            throw new InputException("a matrix without its chart, " + KeptRun.MATRIX_CHART + ": file=" + file);
        }
        final JsonNode content = JsonFile.json(file);
        if (!content.path("base").isObject() || !content.path("rows").isArray()) {
            throw new InputException("not a result of bench matrix, it lacks \"base\" or \"rows\": file=" + file);
        }
        return content;
    }

    private static JsonNode knee(Path folder) throws IOException {
        final Path file = folder.resolve("knee.json");
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        final JsonNode content = JsonFile.json(file);
        if (!content.path("kneePacketsPerSecond").isNumber()) {
            throw new InputException("not a result of knee, it has no number \"kneePacketsPerSecond\": file=" + file);
        }
        return content;
    }

    private static Map<String, JsonNode> otherKnees(Path run) throws IOException {
        final Map<String, JsonNode> knees = new TreeMap<>();
        try (Stream<Path> found = Files.list(run)) {
            for (Path folder : found.toList()) {
                final String name = folder.getFileName().toString();
                if (name.startsWith(KNEE + "-") && !knee(folder).isMissingNode()) {
                    knees.put(name.substring(KNEE.length() + 1), knee(folder));
                }
            }
        }
        return knees;
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.toString().endsWith(end))
                    .sorted(Comparator.comparing(KeptRuns::stem))
                    .toList();
        }
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
    }

    private static Map<String, String> environment(Path file) throws IOException {
        final Map<String, String> values = new LinkedHashMap<>();
        for (String line : lines(file)) {
            final int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return values;
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file)
                ? JsonFile.text(file).lines().filter(line -> !line.isBlank()).toList()
                : List.of();
    }

    /** HdrHistogram's text form: value, percentile, count, {@code 1 / (1 - p)}; the maximum's last column is infinite. */
    private static List<Point> curve(Path file) throws IOException {
        final List<Point> points = new ArrayList<>();
        for (String line : lines(file)) {
            final String[] columns = line.strip().split("\\s+", -1);
            if (columns.length == HGRM_COLUMNS && columns[0].matches(DECIMAL) && columns[3].matches(DECIMAL)) {
                points.add(new Point(Double.parseDouble(columns[3]), Double.parseDouble(columns[0])));
            }
        }
        return points;
    }
}
