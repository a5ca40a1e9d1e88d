import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares two kept runs; started by {@code perf-scripts/compare}, which says how. */
public final class Compare {
    private record Score(double value, double error, boolean higherIsBetter) {}

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, Boolean> BENCH_FIGURES = Map.of(
            "hopLadders", false, "packetsPerSecondPerCore", true, "aeadRatio", true, "receiptsPerSecondPerCore", true);

    private Compare() {}

    public static void main(String[] args) throws IOException {
        double threshold = 10;
        int from = 0;
        if (args.length > 1 && args[0].equals("--threshold")) {
            threshold = Double.parseDouble(args[1]);
            from = 2;
        }
        if (args.length - from != 2) {
            System.err.println("compare: two runs are compared: runs=" + (args.length - from) + " (see --help)");
            System.exit(2);
        }
        final Map<String, Score> before = read(folder(args[from]));
        final Map<String, Score> after = read(folder(args[from + 1]));
        int slower = 0;
        int both = 0;
        for (Map.Entry<String, Score> entry : after.entrySet()) {
            final Score old = before.get(entry.getKey());
            if (old != null) {
                both++;
                slower += print(entry.getKey(), old, entry.getValue(), threshold / 100) ? 1 : 0;
            }
        }
        System.out.printf(
                "%d compared, %d slower; only old: %d, only new: %d%n",
                both, slower, before.size() - both, after.size() - both);
        System.exit(slower == 0 ? 0 : 1);
    }

    /** Prints a line; whether it is slower beyond doubt. */
    private static boolean print(String name, Score old, Score now, double threshold) {
        final double ratio = now.value() / old.value();
        final double spread = Math.hypot(now.error() / now.value(), old.error() / old.value());
        final double worse = now.higherIsBetter() ? 1 / ratio : ratio;
        final boolean slower = worse * (1 - spread) > 1 + threshold;
        final boolean faster = worse * (1 + spread) < 1 - threshold;
        final boolean doubtful = Double.isNaN(spread) && Math.abs(worse - 1) > threshold;
        System.out.printf(
                Locale.ROOT,
                "%-7s %6.3f %-9s %s%n",
                slower ? "SLOWER" : faster ? "faster" : doubtful ? "?" : "",
                ratio,
                Double.isNaN(spread) ? "+- ?" : String.format(Locale.ROOT, "+- %.3f", spread * ratio),
                name);
        return slower;
    }

    private static Path folder(String text) {
        final Path given = Path.of(text);
        final Path kept = Path.of("jmh-results").resolve(text);
        final Path folder = Files.isDirectory(given) ? given : kept;
        if (!Files.isDirectory(folder)) {
            System.err.println("compare: no such run: " + text);
            System.exit(2);
        }
        return folder;
    }

    private static Map<String, Score> read(Path folder) throws IOException {
        final Map<String, Score> scores = new TreeMap<>();
        final List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            final JsonNode content = JSON.readTree(Files.readString(file));
            if (content.isArray()) {
                content.forEach(result -> jmh(scores, result));
            } else {
                final String run = name(file, content);
                BENCH_FIGURES.forEach((figure, higher) -> {
                    if (content.path(figure).isNumber()) {
                        // One run has no interval: it is compared, and never beyond doubt.
                        scores.put(
                                run + " " + figure,
                                new Score(content.get(figure).asDouble(), Double.NaN, higher));
                    }
                });
            }
        }
        final Path knee = folder.resolve("knee").resolve("knee.json");
        if (Files.isRegularFile(knee)) {
            knee(scores, JSON.readTree(Files.readString(knee)));
        }
        return scores;
    }

    /** Runs of one name are compared only if they measured the same case and counted the same threads. */
    private static String name(Path file, JsonNode content) {
        final String run = file.getFileName().toString().replace(".json", "").replaceFirst("-best$", "");
        final boolean allThreads = content.has("circumstances")
                || content.path("threading").asText().equals("shared");
        return run + ", " + content.path("circumstances").asText("best") + " case"
                + (allThreads ? "" : ", without the I/O thread");
    }

    /** Earlier runs called the half point the knee, and were all of the best case. */
    private static void knee(Map<String, Score> scores, JsonNode content) {
        final String run = "knee, " + content.path("circumstances").asText("best") + " case, ";
        final boolean both = content.has("halfPointPacketsPerSecond");
        final String half = both ? "halfPointPacketsPerSecond" : "kneePacketsPerSecond";
        scores.put(run + "half point", new Score(content.path(half).asDouble(), Double.NaN, true));
        if (both) {
            scores.put(
                    run + "knee", new Score(content.path("kneePacketsPerSecond").asDouble(), Double.NaN, true));
        }
    }

    private static void jmh(Map<String, Score> scores, JsonNode result) {
        final JsonNode metric = result.get("primaryMetric");
        final StringBuilder name =
                new StringBuilder(result.get("benchmark").asText().replaceFirst(".*\\.([^.]+\\.[^.]+)$", "$1"));
        result.path("params")
                .properties()
                .forEach(param -> name.append(' ')
                        .append(param.getKey())
                        .append('=')
                        .append(param.getValue().asText()));
        // JMH writes "NaN" as text where there are too few iterations for an interval.
        final double error =
                metric.get("scoreError").isNumber() ? metric.get("scoreError").asDouble() : Double.NaN;
        scores.put(
                name.toString(),
                new Score(
                        metric.get("score").asDouble(),
                        error,
                        result.get("mode").asText().equals("thrpt")));
    }
}
