package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.rig.input.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * One benchmark with one set of parameters, in one mode and with one number of threads.
 *
 * @param benchmark full name: class and method.
 * @param mode as JMH writes it, one of {@link #MODES}.
 * @param threads 1 or more.
 * @param batch calls that one measurement of {@code ss} has, 1 or more.
 * @param score NaN if there is none.
 * @param error half of the 99.9 % interval, NaN with fewer than three iterations.
 * @param bytesPerOperation on the heap, NaN if it was not measured.
 */
record JmhScore(
        String benchmark,
        String mode,
        int threads,
        int batch,
        Map<String, String> parameters,
        double score,
        double error,
        String unit,
        double bytesPerOperation) {
    /** Throughput, the one mode in which more is better. */
    static final String THROUGHPUT = "thrpt";

    /** Mean time of a call. */
    static final String AVERAGE = "avgt";

    private static final Set<String> MODES = Set.of(THROUGHPUT, AVERAGE, "sample", "ss");
    private static final String LADDER = "baselineOneLadder";
    private static final Map<String, Double> UNIT_NS =
            Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "min", 60e9, "hr", 3_600e9, "day", 86_400e9);
    private static final double NS_PER_S = 1e9;
    private static final String PER_OPERATION = "/op";
    private static final String PER_TIME = "ops/";

    /**
     * All results of a file that JMH wrote.
     *
     * @throws InputException if the content is anything else; names file and entry.
     */
    static List<JmhScore> all(JsonNode content, Path file) {
        if (!content.isArray()) {
            throw new InputException("not results of JMH, which are a list: file=" + file);
        }
        final List<JmhScore> scores = new ArrayList<>();
        for (JsonNode result : content) {
            final String wrong = wrong(result);
            if (!wrong.isEmpty()) {
                throw new InputException(
                        "not results of JMH: file=" + file + ", entry " + (scores.size() + 1) + ": " + wrong);
            }
            scores.add(of(result));
        }
        return scores;
    }

    private static String wrong(JsonNode result) {
        final JsonNode metric = result.path("primaryMetric");
        final JsonNode threads = result.path("threads");
        final JsonNode batch = result.path("measurementBatchSize");
        if (!result.path("benchmark").isTextual()
                || result.path("benchmark").asText().isBlank()) {
            return "no text \"benchmark\"";
        }
        if (!MODES.contains(result.path("mode").asText())) {
            return "\"mode\" must be thrpt, avgt, sample or ss";
        }
        if (!isCount(threads) || !isCount(batch)) {
            return "\"threads\" and \"measurementBatchSize\" must be 1 or more";
        }
        // JMH writes "NaN" as text.
        if (!metric.path("score").isNumber() && !metric.path("score").isTextual()) {
            return "no \"score\" in \"primaryMetric\"";
        }
        if (metric.path("scoreUnit").asText().isBlank()) {
            return "no \"scoreUnit\" in \"primaryMetric\"";
        }
        return "";
    }

    private static boolean isCount(JsonNode node) {
        return node.isMissingNode() || (node.canConvertToInt() && node.isInt() && node.asInt() > 0);
    }

    private static JmhScore of(JsonNode result) {
        final Map<String, String> parameters = new LinkedHashMap<>();
        result.path("params")
                .properties()
                .forEach(each -> parameters.put(each.getKey(), each.getValue().asText()));
        final JsonNode metric = result.path("primaryMetric");
        return new JmhScore(
                result.path("benchmark").asText(),
                result.path("mode").asText(),
                result.path("threads").asInt(1),
                result.path("measurementBatchSize").asInt(1),
                parameters,
                number(metric.path("score")),
                number(metric.path("scoreError")),
                metric.path("scoreUnit").asText(),
                number(result.path("secondaryMetrics")
                        .path("gc.alloc.rate.norm")
                        .path("score")));
    }

    /** Simple name of the class. */
    String owner() {
        final String[] name = benchmark.split("\\.", -1);
        return name.length > 1 ? name[name.length - 2] : "";
    }

    /** Full name of the class; empty where the benchmark has none. */
    String className() {
        return benchmark.substring(0, Math.max(0, benchmark.lastIndexOf('.')));
    }

    /** Whether the unit is time per operation or operations per time. */
    boolean isOfTime() {
        return baseUnit().equals("ns/op") || baseUnit().equals("ops/s");
    }

    String method() {
        return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    /**
     * Parameters, and what else tells this score from others of its benchmark: threads other than one, and the mode where
     * it is not one of time per operation.
     */
    Map<String, String> circumstances() {
        final Map<String, String> all = new LinkedHashMap<>(parameters);
        if (threads != 1) {
            all.put("threads", Integer.toString(threads));
        }
        if (!mode.equals(AVERAGE)) {
            all.put("mode", mode);
        }
        if (batch != 1) {
            all.put("batch", Integer.toString(batch));
        }
        return all;
    }

    /** The median of one libsodium scalar multiplication in nanoseconds, where it was measured by one thread. */
    static OptionalDouble ladderNs(List<JmhScore> scores) {
        final double[] found = scores.stream()
                .filter(each -> each.method().equals(LADDER) && each.threads() == 1)
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

    /** Factor to {@link #baseUnit}: scores of one base unit compare. */
    double toBaseUnit() {
        return switch (baseUnit()) {
            case "ns/op" -> UNIT_NS.get(unit.substring(0, unit.length() - PER_OPERATION.length()));
            case "ops/s" -> NS_PER_S / UNIT_NS.get(unit.substring(PER_TIME.length()));
            default -> 1;
        };
    }

    /** {@code ns/op}, {@code ops/s}, or the unit itself where it is neither time per operation nor operations per time. */
    String baseUnit() {
        if (unit.endsWith(PER_OPERATION)
                && UNIT_NS.containsKey(unit.substring(0, unit.length() - PER_OPERATION.length()))) {
            return "ns/op";
        }
        return unit.startsWith(PER_TIME) && UNIT_NS.containsKey(unit.substring(PER_TIME.length())) ? "ops/s" : unit;
    }

    private double scale() {
        return switch (baseUnit()) {
            case "ns/op" -> toBaseUnit();
            case "ops/s" -> score > 0 ? NS_PER_S / toBaseUnit() / (score * score) : Double.NaN;
            default -> Double.NaN;
        };
    }

    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }
}
