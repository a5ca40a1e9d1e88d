package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.rig.report.Figure.Point;
import io.millrace.rig.report.Figure.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Result of {@code bench matrix}: the cost that each switch of the path adds to a packet. */
final class MatrixPart {
    private static final double NS_PER_US = 1_000;
    private static final String BASE = "base";

    /**
     * Parts of the base's cost, as far as there is a switch for each.
     *
     * @param sign of the difference that the switch makes, where the part costs anything.
     */
    private record Part(String name, String feature, String setting, int sign) {}

    private static final List<Part> PARTS = List.of(
            new Part("scalar multiplications", "dh", "twice", 1),
            new Part("link frames", "links", "unsealed", -1),
            new Part("replay check", "replay", "none", -1),
            new Part("delay", "delay", "none", -1),
            new Part("receipts", "receipts", "none", -1));

    private static final Part STATE = new Part("journal and receipts", "state", "journal and receipts", 1);

    private MatrixPart() {}

    static List<ResultTable> tables(KeptRun run) {
        if (run.matrix().isMissingNode()) {
            return List.of();
        }
        final List<List<String>> rows = new ArrayList<>();
        for (JsonNode row : run.matrix().path("rows")) {
            rows.add(List.of(
                    row.path("feature").asText(),
                    row.path("setting").asText(),
                    signed(row.path("nsPerPacket")) + spread(row.path("spread")),
                    signed(row.path("laddersPerPacket")),
                    Numbers.text(row.path("packetsPerSecondRatio")) + spread(row.path("ratioSpread")),
                    row.path("against").asText()));
        }
        return List.of(new ResultTable(
                        "Cost of each feature (bench matrix)",
                        base(run.matrix()),
                        List.of("feature", "switched to", "ns per packet", "ladders", "packets/s ratio", "against"),
                        rows)
                .withoutEmptyColumns());
    }

    static List<Figure> figures(KeptRun run) {
        if (run.matrix().isMissingNode()) {
            return List.of();
        }
        final List<String> categories = new ArrayList<>();
        final List<Point> points = new ArrayList<>();
        for (JsonNode row : run.matrix().path("rows")) {
            final String against = row.path("against").asText();
            points.add(new Point(
                    categories.size(),
                    row.path("nsPerPacket").asDouble() / NS_PER_US,
                    row.path("spread").asDouble(Double.NaN) / NS_PER_US));
            categories.add(row.path("feature").asText() + " "
                    + row.path("setting").asText() + (against.equals(BASE) ? "" : ", in " + against));
        }
        return List.of(Figure.bars(
                        "matrix",
                        "Cost that each switch adds to a packet",
                        "microseconds of processor time",
                        categories,
                        List.of(new Series("difference", points)))
                .linear()
                .keptAs(run.name() + "/" + KeptRun.MATRIX_CHART));
    }

    /** Parts of the base's cost, as a paragraph of a README; empty if there is no matrix, or none of its parts in it. */
    static String sentence(JsonNode matrix) {
        final List<String> parts = new ArrayList<>();
        PARTS.forEach(part -> cost(matrix, part).ifPresent(parts::add));
        if (parts.isEmpty()) {
            return "";
        }
        final JsonNode base = matrix.path(BASE);
        return "\nBy `bench matrix`, of " + Numbers.text(base.path("nsPerPacket")) + " ns per packet (`"
                + base.path("provider").asText() + "`, `"
                + base.path("threading").asText() + "`): "
                + String.join(", ", parts)
                + cost(matrix, STATE).map(cost -> "; on top of them " + cost).orElse("")
                + " (± half the interquartile range; smaller differences are not significant).\n";
    }

    private static Optional<String> cost(JsonNode matrix, Part part) {
        return StreamSupport.stream(matrix.path("rows").spliterator(), false)
                .filter(row -> row.path("feature").asText().equals(part.feature())
                        && row.path("setting").asText().equals(part.setting()))
                .findFirst()
                .map(row -> part.name() + " "
                        + Numbers.text(part.sign() * row.path("nsPerPacket").asDouble())
                        + spread(row.path("spread")));
    }

    private static String base(JsonNode matrix) {
        final JsonNode base = matrix.path(BASE);
        return "One switch at a time. The base, " + base.path("provider").asText() + ", "
                + base.path("threading").asText() + ", batch "
                + base.path("batch").asText() + ", "
                + base.path("policy").asText() + " " + base.path("delay").asText() + ", replay "
                + base.path("replay").asText() + ", receipts "
                + base.path("receipts").asText() + ": "
                + Numbers.text(base.path("nsPerPacket")) + spread(base.path("spread"))
                + " ns of processor time per packet, "
                + Numbers.text(base.path("laddersPerPacket")) + " ladders, "
                + Numbers.text(base.path("packetsPerSecond")) + " packets/s. Medians of "
                + matrix.path("sweeps").asText() + " differences to the rounds right before and after; ± "
                + "is half the distance of their quartiles: a difference that is not several of them is none.";
    }

    /** With its sign. */
    private static String signed(JsonNode value) {
        return (value.asDouble() > 0 ? "+" : "") + Numbers.text(value);
    }

    private static String spread(JsonNode value) {
        return value.isNumber() ? " ± " + Numbers.text(value) : "";
    }
}
