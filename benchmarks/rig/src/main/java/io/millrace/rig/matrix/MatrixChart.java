package io.millrace.rig.matrix;

import io.millrace.rig.chart.WaterfallChart;
import io.millrace.rig.chart.WaterfallChart.Bar;
import io.millrace.rig.chart.WaterfallChart.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The cost ledger as a picture: the parts of the base's cost, and the additions of other settings. */
public final class MatrixChart {
    private static final double NS_PER_US = 1_000;

    /** Rows that show a part of the base, by the part's name. */
    private static final Map<String, String> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put(MatrixCells.LINKS + " unsealed", "opening and sealing link frames");
        PARTS.put(MatrixCells.REPLAY + " none", "replay check");
        PARTS.put(MatrixCells.DELAY + " none", "drawing and keeping the delay");
        PARTS.put(MatrixCells.RECEIPTS + " none", "receipts");
    }

    private MatrixChart() {}

    /**
     * Writes the chart as a PNG.
     *
     * @param report source of the bars.
     * @param file is made or replaced.
     */
    public static void write(MatrixReport report, Path file) throws IOException {
        final MatrixReport.Base base = report.base();
        final List<Bar> parts = parts(report);
        new WaterfallChart(
                        "Cost of a packet, and of each feature",
                        base.provider() + ", " + base.threading() + ", batch " + base.batch() + ", " + base.policy()
                                + " " + base.delay() + ", replay " + base.replay() + ", receipts " + base.receipts()
                                + "; " + report.cpu(),
                        "microseconds of processor time per packet")
                .panel(parts.size() > 1 ? "The base, by its parts" : "The base", parts, us(base.nsPerPacket()))
                .panel(
                        "Other settings, one at a time: dashed, the base; whiskers, the spread of the differences",
                        others(report),
                        us(base.nsPerPacket()))
                .write(file);
    }

    /**
     * The multiplications, parts without a switch, and each part that has one: in all the base's cost. The base alone if no
     * part was measured.
     */
    static List<Bar> parts(MatrixReport report) {
        final Map<String, MatrixReport.Row> rows = byName(report);
        final List<Bar> bars = new ArrayList<>();
        double rest = report.base().nsPerPacket();
        for (String part : PARTS.keySet()) {
            rest += rows.containsKey(part) ? rows.get(part).nsPerPacket() : 0;
        }
        double end = 0;
        final MatrixReport.Row multiplied = rows.get(MatrixCells.DH + " twice");
        if (multiplied != null) {
            bars.add(part("scalar multiplications", 0, multiplied.nsPerPacket(), multiplied.spread(), report));
            rest -= multiplied.nsPerPacket();
            end = multiplied.nsPerPacket();
        }
        if (multiplied != null || PARTS.keySet().stream().anyMatch(rows::containsKey)) {
            bars.add(part("everything else", end, end + rest, 0, report));
        }
        end += rest;
        for (Map.Entry<String, String> part : PARTS.entrySet()) {
            final MatrixReport.Row row = rows.get(part.getKey());
            if (row != null) {
                bars.add(part(part.getValue(), end, end - row.nsPerPacket(), row.spread(), report));
                end -= row.nsPerPacket();
            }
        }
        final double total = report.base().nsPerPacket();
        bars.add(new Bar(
                "base",
                0,
                us(total),
                us(report.base().spread()),
                Kind.TOTAL,
                text("%,.2f µs", "%.3f L", total, report)));
        return bars;
    }

    private static Bar part(String name, double from, double to, double spread, MatrixReport report) {
        final Kind kind = to < from ? Kind.LESS : Kind.PART;
        return new Bar(name, us(from), us(to), us(spread), kind, text("%,.2f µs", "%.3f L", to - from, report));
    }

    private static List<Bar> others(MatrixReport report) {
        final List<Bar> bars = new ArrayList<>();
        for (MatrixReport.Row row : report.rows()) {
            final String name = name(row);
            if (PARTS.containsKey(name) || name.equals(MatrixCells.DH + " twice")) {
                continue;
            }
            final double from = referenceNs(row, report);
            final double to = from + row.nsPerPacket();
            bars.add(new Bar(
                    name + (row.against().equals(MatrixCell.BASE) ? "" : ", in " + row.against()),
                    us(from),
                    us(to),
                    us(row.spread()),
                    to < from ? Kind.LESS : Kind.MORE,
                    text("%+,.2f µs", "%+.3f L", row.nsPerPacket(), report)));
        }
        return bars;
    }

    /** Cost of the setting that the row is compared with: the base, or as much more as its own row says. */
    private static double referenceNs(MatrixReport.Row row, MatrixReport report) {
        final MatrixReport.Row against = byName(report).get(row.against());
        return report.base().nsPerPacket() + (against == null ? 0 : against.nsPerPacket());
    }

    private static Map<String, MatrixReport.Row> byName(MatrixReport report) {
        final Map<String, MatrixReport.Row> rows = new LinkedHashMap<>();
        report.rows().forEach(row -> rows.put(name(row), row));
        return rows;
    }

    private static String name(MatrixReport.Row row) {
        return row.feature() + " " + row.setting();
    }

    private static String text(String nsFormat, String ladderFormat, double ns, MatrixReport report) {
        return String.format(Locale.ROOT, nsFormat, us(ns)) + "   "
                + String.format(Locale.ROOT, ladderFormat, ns / report.ladderNs());
    }

    private static double us(double ns) {
        return ns / NS_PER_US;
    }
}
