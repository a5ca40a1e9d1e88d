import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints the scores of a JMH run as a table for people: perf-scripts/with-jdk JmhTable.java FILE.json */
public final class JmhTable {
    private static final Map<String, Double> NS = Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

    public static void main(String[] args) throws Exception {
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"benchmark", "parameters", "ns per operation", "\u00b1", "heap B per operation"});
        for (JsonNode run : new ObjectMapper().readTree(Path.of(args[0]).toFile())) {
            final String name = run.path("benchmark").asText().replaceFirst(".*\\.([^.]+\\.[^.]+)$", "$1");
            final StringBuilder parameters = new StringBuilder();
            run.path("params").properties().forEach(each -> parameters
                    .append(parameters.isEmpty() ? "" : " ").append(each.getKey()).append('=').append(each.getValue().asText()));
            final JsonNode metric = run.path("primaryMetric");
            final String unit = metric.path("scoreUnit").asText();
            final double ns = NS.getOrDefault(unit, Double.NaN);
            final JsonNode heap = run.path("secondaryMetrics").path("gc.alloc.rate.norm").path("score");
            final double score = metric.path("score").asDouble();
            final double error = ns * metric.path("scoreError").asDouble(Double.NaN);
            rows.add(new String[] {
                name,
                parameters.toString(),
                Double.isNaN(ns) ? number(score) + " " + unit : number(ns * score),
                Double.isNaN(error) ? "" : number(error),
                heap.isNumber() ? number(Math.max(0, heap.asDouble())) : ""
            });
        }
        final int[] widths = new int[5];
        rows.forEach(row -> {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        });
        final String format = String.format(
                Locale.ROOT,
                "%%-%ds | %%-%ds | %%%ds | %%%ds | %%%ds",
                widths[0], Math.max(1, widths[1]), widths[2], widths[3], widths[4]);
        rows.forEach(row -> System.out.println(String.format(format, (Object[]) row)));
        System.out.println();
        System.out.println("""
                An operation is what the class comment of the benchmark says; in X25519Benchmark and SphinxBenchmark it is the
                whole batch. \u00b1 is half of the 99.9 % interval of the mean; in quick it comes from three short iterations:
                smaller differences mean nothing.""");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%,.2f" : value < 100 ? "%,.1f" : "%,.0f", value);
    }
}
