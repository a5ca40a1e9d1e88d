package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.files.WholeFile;
import io.millrace.rig.input.InputException;
import io.millrace.rig.input.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The figures of the newest kept run in a README, between two lines of comment: written by {@code report} and never typed.
 * Figures that the run lacks are left out.
 */
final class ReadmeFigures {
    private static final String BEGIN = "<!-- figures: made by perf-scripts/report, change nothing here -->";
    private static final String END = "<!-- end of figures -->";
    private static final double NS_PER_MS = 1e6;
    private static final double PERCENT = 100;

    /**
     * A piece whose scores are shown.
     *
     * @param benchmark its class and method.
     * @param parameter name and value of the one by which scores are chosen, with {@code =} between them; empty for all.
     */
    private record Piece(String name, String benchmark, String parameter) {
        boolean shows(JmhScore score) {
            final int equals = parameter.indexOf('=');
            return benchmark.equals(score.owner() + "." + score.method())
                    && (equals < 0
                            || parameter
                                    .substring(equals + 1)
                                    .equals(score.parameters().get(parameter.substring(0, equals))));
        }
    }

    private static final List<Piece> PIECES = List.of(
            new Piece("call into C and back", "FfmCallBenchmark.downcall", ""),
            new Piece("X25519", "X25519Benchmark.variableBase", "count=1"),
            new Piece("X25519, 8 at once", "X25519Benchmark.variableBase", "count=8"),
            new Piece("a Sphinx layer peeled, 8 packets at once", "SphinxBenchmark.peel", "batch=8"),
            new Piece("link frame sealed and opened", "LinkFrameBenchmark.sealedAndOpened", ""),
            new Piece("replay check, 1 M tags, one by one", "ReplaySetBenchmark.insert", "millionTags=1"),
            new Piece("the same, in batches of 64", "ReplaySetBenchmark.insertAll", "millionTags=1"),
            new Piece(
                    "delay wheel, 10,000 pending: expired and scheduled again",
                    "WheelBenchmark.cycle",
                    "pending=10000"),
            new Piece("the same, 1 million pending", "WheelBenchmark.cycle", "pending=1000000"),
            new Piece("timers, 1 million pending: scheduled and expired", "TimerBenchmark.cycle", "pending=1000000"),
            new Piece("slot of the slab taken and given back", "SlabBenchmark.one", ""),
            new Piece("X25519 by the ways from the JVM", "JvmX25519Benchmark.sharedSecret", ""),
            new Piece("ChaCha20-Poly1305, 2,050 bytes sealed", "JvmAeadBenchmark.seal", "length=2050"),
            new Piece("Ed25519 made", "JvmEd25519Benchmark.sign", ""),
            new Piece("Ed25519 verified", "JvmEd25519Benchmark.verify", ""));

    private ReadmeFigures() {}

    /**
     * Replaces the text between the two lines.
     *
     * @throws InputException if the lines are not there.
     */
    static void write(Path readme, List<KeptRun> runs) throws IOException {
        final String text = JsonFile.text(readme);
        final int begin = text.indexOf(BEGIN);
        final int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new InputException(
                    "no place for figures, from \"" + BEGIN + "\" to \"" + END + "\": readme=" + readme);
        }
        WholeFile.replace(readme, text.substring(0, begin) + block(runs) + text.substring(end + END.length()));
    }

    /** The two lines and what belongs between them. */
    static String block(List<KeptRun> runs) {
        final StringBuilder text = new StringBuilder(BEGIN).append('\n');
        if (!runs.isEmpty()) {
            final KeptRun run = runs.getFirst();
            text.append("\nKept run [")
                    .append(run.name())
                    .append("](jmh-results/")
                    .append(run.name())
                    .append("): ")
                    .append(String.join(", ", machine(run.environment())))
                    .append(".\n");
            benches(text, run);
            text.append(LevelFigures.of(run.levels()));
            text.append(MatrixPart.sentence(run.matrix()));
            knee(text, run.knee(), run.otherKnees());
            pieces(text, run.scores());
        }
        return text.append('\n').append(END).toString();
    }

    private static List<String> machine(Map<String, String> environment) {
        return List.of("processor", "processor features", "cores", "jdk", "load at start").stream()
                .filter(environment::containsKey)
                .map(key -> switch (key) {
                    case "cores" -> environment.get(key) + " cores";
                    case "jdk" -> "JDK " + environment.get(key);
                    case "load at start" -> "load " + environment.get(key) + " when it began";
                    default -> environment.get(key);
                })
                .toList();
    }

    private static void benches(StringBuilder text, KeptRun run) {
        if (run.benches().isEmpty()) {
            return;
        }
        text.append("""

            | `bench` | provider | packets/s/core | ladders per hop | ns per packet | heap B per packet | dropped |
            |---|---|---:|---:|---:|---:|---:|
            """);
        run.benches()
                .forEach((name, bench) -> row(
                        text,
                        name,
                        "`" + bench.path("provider").asText() + "`",
                        Numbers.text(bench.path("packetsPerSecondPerCore")),
                        Numbers.text(bench.path("hopLadders")),
                        Numbers.text(bench.path("cpuNsPerPacket")),
                        Numbers.bytes(bench.path("allocatedBytesPerPacket").asDouble(Double.NaN)),
                        BenchPart.dropped(bench)));
    }

    private static void knee(StringBuilder text, JsonNode knee, Map<String, JsonNode> others) {
        if (knee.isMissingNode()) {
            return;
        }
        text.append("""

            | `knee` | knee, packets/s | lost at 95 % | half point, packets/s | ladders a packet | bare forwarder, packets/s | ended by | p50 at 80 %, ms | p99 | p99.99 | forwarder p99.99 | machine's longest stall | attack finds | chance |
            |---|---:|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|
            """);
        kneeRow(text, name(knee), knee);
        others.forEach((name, other) -> kneeRow(text, name(other) + repeated(knee, other), other));
        if (KneeSection.isKnee(knee)) {
            text.append("\nOrdinary case: ")
                    .append(knee.path("circumstancesText").asText())
                    .append(". Knee: ")
                    .append(knee.path("confirmations").asText())
                    .append(" intervals of ")
                    .append(Numbers.text(knee.path("intervalSeconds")))
                    .append(" s in a row lost no packet. Half point: about half of briefer intervals did. ")
                    .append(KneeSection.poolLimit(knee))
                    .append("The attack")
                    .append(" matches departures to arrivals at a light load; chance is a guess among the packets"
                            + " inside.\n");
        }
    }

    private static String name(JsonNode knee) {
        final String options = "`--link " + link(knee)
                + (KneeSection.isKnee(knee) && KneeSection.circumstances(knee).equals("best") ? " --best-case`" : "`");
        return KneeSection.isKnee(knee) ? options : options + ", best case";
    }

    private static String repeated(JsonNode first, JsonNode other) {
        return name(first).equals(name(other)) ? ", once more" : "";
    }

    private static void kneeRow(StringBuilder text, String name, JsonNode knee) {
        row(
                text,
                name,
                KneeSection.isKnee(knee) ? KneeSection.rate(knee, "knee") : "",
                Numbers.text(knee.path("lostAt95")),
                Numbers.text(
                        knee.path(KneeSection.isKnee(knee) ? "halfPointPacketsPerSecond" : "kneePacketsPerSecond")),
                Numbers.text(knee.path("kneeLadders")),
                Numbers.text(knee.path("floorPacketsPerSecond")),
                KneeSection.endedBy(knee, "knee"),
                millis(knee.at("/percentiles/80/p50")),
                millis(knee.at("/percentiles/80/p99")),
                millis(knee.at("/percentiles/80/p9999")),
                millis(knee.at("/floorPercentiles/80/p9999")),
                millis(knee.at("/hiccup/80/max")),
                percent(knee.path("attackSuccess")),
                percent(knee.path("chance")));
    }

    private static String link(JsonNode knee) {
        return knee.path("link").asText("udp");
    }

    private static String percent(JsonNode share) {
        return share.isNumber() ? Numbers.text(PERCENT * share.asDouble()) + " %" : "";
    }

    private static String millis(JsonNode ns) {
        return ns.isNumber() ? Numbers.text(ns.asDouble() / NS_PER_MS) : "";
    }

    private static void pieces(StringBuilder text, List<JmhScore> scores) {
        final StringBuilder rows = new StringBuilder();
        for (Piece piece : PIECES) {
            final List<JmhScore> shown = scores.stream()
                    .filter(score -> piece.shows(score)
                            && score.threads() == 1
                            && score.mode().equals(JmhScore.AVERAGE)
                            && !Double.isNaN(score.nanoseconds()))
                    .toList();
            if (!shown.isEmpty()) {
                row(
                        rows,
                        piece.name(),
                        String.join(
                                ", ",
                                shown.stream()
                                        .map(score -> JmhPart.compared(score)
                                                        .map(key -> "`"
                                                                + score.parameters()
                                                                        .get(key) + "` ")
                                                        .orElse("")
                                                + Numbers.text(score.nanoseconds()))
                                        .toList()));
            }
        }
        if (!rows.isEmpty()) {
            text.append("\n"
                            + "| piece, by `perf-scripts/jmh` (in `quick`, `jdk` and `bouncycastle` are not warmed"
                            + " up) | ns |\n"
                            + "|---|---|\n")
                    .append(rows);
        }
    }

    private static void row(StringBuilder text, String... cells) {
        text.append('|');
        for (String cell : cells) {
            text.append(' ').append(cell).append(" |");
        }
        text.append('\n');
    }
}
