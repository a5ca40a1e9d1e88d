package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.rig.report.Figure.Point;
import io.millrace.rig.report.Figure.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code bench} says: the headline, and the time in the relay. */
final class BenchPart {
    private static final double NS_PER_US = 1_000;
    /** Percentiles of a run by the name that they have in JSON, and {@code 1 / (1 - p)}. */
    private static final Map<String, Double> PERCENTILES =
            Map.of("p50", 2.0, "p90", 10.0, "p99", 100.0, "p999", 1_000.0, "p9999", 10_000.0);

    private BenchPart() {}

    static List<ResultTable> tables(KeptRun run) {
        if (run.benches().isEmpty()) {
            return List.of();
        }
        return List.of(headline(run), relay(run));
    }

    static List<Figure> figures(KeptRun run) {
        if (run.benches().isEmpty()) {
            return List.of();
        }
        final List<String> categories = List.copyOf(run.benches().keySet());
        return List.of(
                Figure.bars(
                        "bench-rate",
                        "Packets per second per core",
                        "packets/s/core",
                        categories,
                        List.of(series(run, "packets/s/core", "packetsPerSecondPerCore"))),
                Figure.bars(
                                "bench-cost",
                                "Where a packet's time goes",
                                "nanoseconds per packet",
                                categories,
                                List.of(
                                        series(run, "cryptography", "cryptoNsPerPacket", "total"),
                                        series(run, "drawing the delay", "delayDrawNsPerPacket"),
                                        series(run, "everything else", "frameworkNsPerPacket")))
                        .linear(),
                Figure.percentiles("bench-relay", "Time in the relay at saturation", "microseconds", relayCurves(run)));
    }

    /** Percentiles that a JSON object holds, as points in microseconds. */
    static List<Point> points(JsonNode percentiles) {
        return PERCENTILES.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .filter(each -> percentiles.path(each.getKey()).isNumber())
                .map(each -> new Point(
                        each.getValue(), percentiles.get(each.getKey()).asDouble() / NS_PER_US))
                .toList();
    }

    private static ResultTable headline(KeptRun run) {
        final List<List<String>> rows = new ArrayList<>();
        run.benches()
                .forEach((name, bench) -> rows.add(List.of(
                        name,
                        bench.path("provider").asText(),
                        bench.path("threading").asText(),
                        Numbers.text(bench.path("packetsPerSecondPerCore")),
                        Numbers.text(bench.path("cpuNsPerPacket")),
                        Numbers.text(bench.path("hopLadders")),
                        Numbers.text(bench.path("cryptoNsPerPacket").path("total")),
                        Numbers.text(bench.path("delayDrawNsPerPacket")),
                        Numbers.text(bench.path("frameworkNsPerPacket")),
                        Numbers.bytes(bench.path("allocatedBytesPerPacket").asDouble(Double.NaN)),
                        Numbers.text(bench.path("ladderNs")),
                        dropped(bench))));
        return new ResultTable(
                        "Whole engine (bench)",
                        "A ladder is one libsodium X25519 in the same run. Cryptography, delay and the rest are"
                                + " wall-clock times per packet; ns per packet is processor time.",
                        List.of(
                                "run of bench",
                                "provider",
                                "threading",
                                "packets/s/core",
                                "ns per packet",
                                "ladders",
                                "cryptography ns",
                                "drawing the delay ns",
                                "everything else ns",
                                "heap B per packet",
                                "ladder ns",
                                "dropped"),
                        rows)
                .withoutEmptyColumns();
    }

    private static ResultTable relay(KeptRun run) {
        final List<List<String>> rows = new ArrayList<>();
        run.benches().forEach((name, bench) -> {
            if (bench.path("stages").has("relay")) {
                rows.add(percentiles(name, "in the relay", bench.path("stages").path("relay")));
            }
            if (bench.has("delayErrorNs")) {
                rows.add(percentiles(name, "later than intended", bench.path("delayErrorNs")));
            }
        });
        return new ResultTable(
                "Time in the relay at saturation, microseconds",
                "Without the intended delay, with the rings kept full: for latency below saturation see the knee.",
                List.of("run of bench", "what", "p50", "p90", "p99", "p99.9", "p99.99", "max"),
                rows);
    }

    /** A row of percentiles in microseconds. */
    static List<String> percentiles(String name, String what, JsonNode values) {
        final List<String> row = new ArrayList<>(List.of(name, what));
        for (String each : List.of("p50", "p90", "p99", "p999", "p9999", "max")) {
            row.add(Numbers.micros(values.path(each)));
        }
        return row;
    }

    static String dropped(JsonNode bench) {
        long all = 0;
        for (JsonNode count : bench.path("dropped")) {
            all += count.asLong();
        }
        return bench.path("dropped").isObject() ? Numbers.count(all) : "";
    }

    private static Series series(KeptRun run, String name, String... path) {
        final List<Point> points = new ArrayList<>();
        int index = 0;
        for (JsonNode bench : run.benches().values()) {
            JsonNode value = bench;
            for (String step : path) {
                value = value.path(step);
            }
            if (value.isNumber()) {
                points.add(new Point(index, value.asDouble()));
            }
            index++;
        }
        return new Series(name, points);
    }

    private static List<Series> relayCurves(KeptRun run) {
        return run.benches().entrySet().stream()
                .map(each -> new Series(
                        each.getKey(), points(each.getValue().path("stages").path("relay"))))
                .toList();
    }
}
