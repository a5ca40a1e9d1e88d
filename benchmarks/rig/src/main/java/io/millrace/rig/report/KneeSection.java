package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.rig.report.Figure.Point;
import io.millrace.rig.report.Figure.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Tables and charts of {@code knee}: the highest rate without loss, the latency below it, and the mixing. */
final class KneeSection {
    private static final double PERCENT = 100;
    private static final double NS_PER_US = 1_000;

    private KneeSection() {}

    static List<ResultTable> tables(KeptRun run) {
        final JsonNode knee = run.knee();
        if (knee.isMissingNode()) {
            return List.of();
        }
        return Stream.of(rates(run), ledger(knee), latency(knee), hidden(knee))
                .filter(table -> !table.rows().isEmpty())
                .toList();
    }

    static List<Figure> figures(KeptRun run) {
        if (run.knee().isMissingNode()) {
            return List.of();
        }
        return List.of(
                Figure.lines(
                        "knee-loss",
                        "Loss by offered rate: " + (isKnee(run.knee()) ? "knee " : "half point ")
                                + rate(run.knee(), "knee")
                                + "/s, floor " + Numbers.text(run.knee().path("floorPacketsPerSecond")) + "/s",
                        "offered packets per second",
                        "lost, percent",
                        List.of(loss(run.knee(), "relay", "relay"), loss(run.knee(), "forwarder", "bare forwarder"))),
                Figure.percentiles(
                        "knee-latency",
                        "Latency from due to received, without the mixing delay",
                        "microseconds",
                        curves(run)));
    }

    private static ResultTable rates(KeptRun run) {
        final JsonNode knee = run.knee();
        final String setting = String.join(
                ", ",
                knee.path("provider").asText(),
                knee.path("threading").asText(),
                knee.path("policy").asText(),
                knee.path("delay").asText());
        return new ResultTable(
                        "Highest rate without loss (knee)",
                        "Open loop over " + link(knee) + " on loopback, relay in another process: " + setting + ". "
                                + meaning(knee) + lossBegins(knee),
                        List.of("what", "packets/s", "ladders a packet", "the sweep was ended by", "lost at 95 %"),
                        rows(run))
                .withoutEmptyColumns();
    }

    private static List<List<String>> rows(KeptRun run) {
        final List<List<String>> rows = new ArrayList<>();
        rows(rows, "", run.knee());
        run.otherKnees().forEach((name, knee) -> rows(rows, ", " + difference(name, run.knee(), knee), knee));
        return rows;
    }

    private static void rows(List<List<String>> rows, String which, JsonNode knee) {
        if (isKnee(knee)) {
            rows.add(row("relay: the knee" + which, knee, "knee", Numbers.text(knee.path("lostAt95"))));
            rows.add(row("relay: half point" + which, knee, "halfPoint", ""));
        } else {
            rows.add(row("relay: half point" + which, knee, "knee", ""));
        }
        rows.add(row("bare forwarder: half point" + which, knee, "floor", ""));
    }

    private static List<String> row(String name, JsonNode knee, String what, String lost) {
        return List.of(name, rate(knee, what), Numbers.text(knee.path(what + "Ladders")), endedBy(knee, what), lost);
    }

    /** The rate, with "at least" if the pool of packets ended the search for the knee. */
    static String rate(JsonNode knee, String what) {
        final String rate = Numbers.text(knee.path(what + "PacketsPerSecond"));
        return what.equals("knee") && isPoolLimited(knee) ? "at least " + rate : rate;
    }

    /** Difference of a further run of a knee from the first. */
    static String difference(String name, JsonNode first, JsonNode knee) {
        if (!link(knee).equals(link(first))) {
            return "over " + link(knee);
        }
        return circumstances(knee).equals(circumstances(first)) ? "once more" : circumstances(knee) + " case";
    }

    /** Runs before the knee was a rate that whole intervals carry have a half point by that name, in the best case. */
    static boolean isKnee(JsonNode knee) {
        return knee.has("halfPointPacketsPerSecond");
    }

    static String circumstances(JsonNode knee) {
        return BenchName.circumstances(knee);
    }

    private static String meaning(JsonNode knee) {
        if (!isKnee(knee)) {
            return "Half point: about half of the intervals of " + Numbers.text(knee.path("intervalSeconds"))
                    + " s lost no packet. Best case: two neighbours, even spacing, pre-shared link keys, no journal.";
        }
        final String count = knee.path("confirmations").asText();
        return "Knee: " + count + " of " + count + " intervals of " + Numbers.text(knee.path("intervalSeconds"))
                + " s lost no packet, and the latency did not grow; 95 % of it held once more. Half point: about half"
                + " of briefer intervals did. " + poolLimit(knee)
                + knee.path("circumstances").asText() + " case: "
                + knee.path("circumstancesText").asText() + ".";
    }

    /** The sentence that a limited knee needs wherever it is shown; empty for others. */
    static String poolLimit(JsonNode knee) {
        return isPoolLimited(knee)
                ? "Not enough packets were prepared to try a higher rate for whole intervals, so the relay's knee is at least"
                        + " this high: knee --packets raises their number. "
                : "";
    }

    private static String lossBegins(JsonNode knee) {
        final JsonNode begins = knee.path("lossBegins");
        if (begins.isEmpty()) {
            return "";
        }
        final List<String> where = new ArrayList<>();
        begins.path("dropped")
                .properties()
                .forEach(each -> where.add(
                        each.getKey() + " " + Numbers.count(each.getValue().asLong())));
        begins.path("socketDrops")
                .properties()
                .forEach(each -> where.add("socket of the " + each.getKey() + " "
                        + Numbers.count(each.getValue().asLong())));
        return " Loss begins at " + Numbers.text(begins.path("rate")) + "/s with "
                + Numbers.count(begins.path("lost").asLong()) + " lost"
                + (where.isEmpty() ? "" : ": " + String.join(", ", where)) + ".";
    }

    /** Older runs say no more than whether it was the generator, and all of them were over UDP. */
    static String endedBy(JsonNode knee, String what) {
        if (what.equals("knee") && isPoolLimited(knee)) {
            return "the packets prepared";
        }
        if (knee.has(what + "EndedBy")) {
            return knee.path(what + "EndedBy").asText();
        }
        final JsonNode generatorLimited = knee.path(what + "GeneratorLimited");
        return generatorLimited.isMissingNode() ? "" : generatorLimited.asBoolean() ? "the generator" : "loss";
    }

    /** Whether too few packets were prepared to try a higher rate: the relay may carry more. */
    static boolean isPoolLimited(JsonNode knee) {
        return knee.path("kneePoolLimited").asBoolean();
    }

    static String link(JsonNode knee) {
        return knee.path("link").asText("udp").toUpperCase(Locale.ROOT);
    }

    /** Runs before the ledger have none. */
    private static ResultTable ledger(JsonNode knee) {
        final List<List<String>> rows = new ArrayList<>();
        knee.at("/ledger/workNs")
                .properties()
                .forEach(each -> rows.add(List.of(
                        "relay, " + each.getKey(), Numbers.text(each.getValue().asDouble() / NS_PER_US))));
        if (!rows.isEmpty()) {
            rows.addFirst(List.of(
                    "generator", Numbers.text(knee.at("/ledger/generatorNs").asDouble() / NS_PER_US)));
        }
        return new ResultTable(
                "Where the time went, microseconds per packet",
                "At 95 % of the knee, by a stopwatch; the entries of the relay add up to "
                        + percent(knee.at("/ledger/agreement")) + " of its processor time. The knee is "
                        + percent(knee.path("boundShare")) + " of what the processors would carry if each did nothing"
                        + " but this work; it was limited by "
                        + knee.path("limitedBy").asText() + ".",
                List.of("work", "µs"),
                rows);
    }

    private static ResultTable latency(JsonNode knee) {
        final List<List<String>> rows = new ArrayList<>();
        knee.path("percentiles")
                .properties()
                .forEach(each -> rows.add(BenchPart.percentiles("relay", load(each.getKey()), each.getValue())));
        knee.path("floorPercentiles")
                .properties()
                .forEach(each -> rows.add(
                        BenchPart.percentiles("bare forwarder", "rate of " + each.getKey() + " %", each.getValue())));
        knee.path("hiccup")
                .properties()
                .forEach(each -> rows.add(BenchPart.percentiles(
                        "machine's hiccups",
                        each.getKey().matches("\\d+") ? "during " + each.getKey() + " %" : each.getKey(),
                        each.getValue())));
        return new ResultTable(
                "Latency below the knee, microseconds",
                "From when a packet was due until it came back, without its mixing delay. Hiccups are how late a thread"
                        + " ran that does nothing but sleep: stalls of the machine, not of the relay.",
                List.of("what", "load", "p50", "p90", "p99", "p99.9", "p99.99", "max"),
                rows);
    }

    private static ResultTable hidden(JsonNode knee) {
        final List<List<String>> rows = new ArrayList<>();
        knee.path("anonymity").properties().forEach(each -> {
            final JsonNode delays = knee.path("delays").path(each.getKey());
            rows.add(List.of(
                    load(each.getKey()),
                    percent(each.getValue().path("attackSuccess")),
                    percent(each.getValue().path("chance")),
                    percent(each.getValue().path("idealSuccess")),
                    Numbers.text(each.getValue().path("entropyBitsMean")),
                    Numbers.text(each.getValue().path("entropyBitsP1")),
                    Numbers.text(each.getValue().path("effectiveSetMedian")),
                    percent(delays.path("earlyShare")),
                    Numbers.text(delays.path("emittedSlope")),
                    Numbers.text(delays.path("drawnPValue"))));
        });
        return new ResultTable(
                        "Mixing of the same packets",
                        isKnee(knee)
                                ? "An observer of the wires matches departures to arrivals by their times: share of"
                                        + " the departures whose arrival the attack finds, a guess finds, and the attack"
                                        + " finds of an ideal mix with the same law. Entropies are of the times that"
                                        + " packets were seen to stay. Time in the relay follows the disclosed delay"
                                        + " with slope 1."
                                : "Entropies follow from arrivals and the declared law: they do not show what left.",
                        List.of(
                                "load",
                                "attack finds",
                                "chance",
                                "ideal mix",
                                "entropy, bits",
                                "worst 1 %, bits",
                                "effective set",
                                "left early",
                                "slope",
                                "p of the law"),
                        rows)
                .withoutEmptyColumns();
    }

    private static String load(String key) {
        return key.matches("\\d+") ? key + " % of the knee" : key + " load";
    }

    private static String percent(JsonNode share) {
        return share.isNumber() ? Numbers.text(PERCENT * share.asDouble()) + " %" : "";
    }

    private static Series loss(JsonNode knee, String subject, String name) {
        final TreeMap<Double, Double> byRate = new TreeMap<>();
        for (JsonNode step : knee.path("steps")) {
            if (step.path("subject").asText().equals(subject)
                    && !step.path("scout").asBoolean()
                    && step.path("sent").asLong() > 0) {
                byRate.merge(
                        step.path("rate").asDouble(),
                        PERCENT
                                * step.path("lost").asDouble()
                                / step.path("sent").asDouble(),
                        Math::min);
            }
        }
        return new Series(
                name,
                byRate.entrySet().stream()
                        .map(each -> new Point(each.getKey(), each.getValue()))
                        .toList());
    }

    /** The relay at each load; forwarder and hiccups only at the highest, and hiccups when idle: seven colours suffice. */
    private static List<Series> curves(KeptRun run) {
        final List<String> loads = run.knee().path("percentiles").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
        final List<Series> found = new ArrayList<>();
        for (String load : loads) {
            curve(
                    run,
                    found,
                    "percentiles",
                    load,
                    "relay-",
                    "relay at " + (load.matches("\\d+") ? load + " %" : load + " load"));
        }
        if (!loads.isEmpty()) {
            final String last = loads.getLast();
            curve(run, found, "floorPercentiles", last, "forwarder-", "forwarder, rate of " + last + " %");
            curve(run, found, "hiccup", last, "hiccup-", "hiccups, " + last + " %");
        }
        curve(run, found, "hiccup", "idle", "hiccup-", "hiccups, idle");
        return found.stream().filter(series -> !series.points().isEmpty()).toList();
    }

    /** From the histogram's file, or where there is none from the percentiles that were reported. */
    private static void curve(KeptRun run, List<Series> found, String key, String load, String file, String name) {
        final JsonNode reported = run.knee().path(key).path(load);
        final List<Point> points =
                run.curves().containsKey(file + load) ? run.curves().get(file + load) : BenchPart.points(reported);
        found.add(
                new Series(name, points.stream().filter(point -> point.y() > 0).toList()));
    }
}
