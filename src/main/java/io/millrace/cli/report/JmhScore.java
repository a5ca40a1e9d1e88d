package io.millrace.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One benchmark with one set of parameters.
 *
 * @param owner simple name of its class.
 * @param error half of the 99.9 % interval, NaN with fewer than three iterations.
 * @param bytesPerOperation on the heap, NaN if it was not measured.
 */
record JmhScore(
        String owner,
        String method,
        Map<String, String> parameters,
        double score,
        double error,
        String unit,
        double bytesPerOperation) {
    private static final String LADDER = "baselineOneLadder";
    private static final Map<String, Double> UNIT_NS = Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);

    static JmhScore of(JsonNode result) {
        final String[] name = result.path("benchmark").asText().split("\\.", -1);
        final Map<String, String> parameters = new LinkedHashMap<>();
        result.path("params")
                .properties()
                .forEach(each -> parameters.put(each.getKey(), each.getValue().asText()));
        final JsonNode metric = result.path("primaryMetric");
        return new JmhScore(
                name.length > 1 ? name[name.length - 2] : "",
                name[name.length - 1],
                parameters,
                number(metric.path("score")),
                number(metric.path("scoreError")),
                metric.path("scoreUnit").asText(),
                number(result.path("secondaryMetrics")
                        .path("gc.alloc.rate.norm")
                        .path("score")));
    }

    /** The median of one libsodium scalar multiplication in nanoseconds, where it was measured. */
    static OptionalDouble ladderNs(List<JmhScore> scores) {
        final double[] found = scores.stream()
                .filter(each -> each.method().equals(LADDER))
                .mapToDouble(JmhScore::nanoseconds)
                .filter(each -> each > 0)
                .sorted()
                .toArray();
        return found.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(found[found.length / 2]);
    }

    /** Time of one operation, NaN for a unit that is not time per operation or operations per time. */
    double nanoseconds() {
        return score * scale();
    }

    /** {@link #error} on the scale of {@link #nanoseconds}. */
    double errorNanoseconds() {
        return error * scale();
    }

    private double scale() {
        final double perOperation = UNIT_NS.getOrDefault(unit.replaceFirst("/op$", ""), Double.NaN);
        if (!Double.isNaN(perOperation)) {
            return perOperation;
        }
        final double perTime = UNIT_NS.getOrDefault(unit.replaceFirst("^ops/", ""), Double.NaN);
        return score > 0 ? perTime / (score * score) : Double.NaN;
    }

    // JMH writes "NaN" as text.
    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }
}
