package io.millrace.rig.report;

import io.millrace.rig.chart.BarChart;
import io.millrace.rig.chart.LineChart;
import io.millrace.rig.chart.LineChart.Mark;
import io.millrace.rig.report.Figure.Point;
import io.millrace.rig.report.Figure.Series;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The charts as PNG files: the history, and of each kind of chart the newest run that has it. */
final class ChartFiles {
    private static final double PERCENT = 100;
    private static final int PERCENTILE_DIGITS = 5;

    private ChartFiles() {}

    /** The figures that are shown as files, by id; some of them a run has already. */
    static Map<String, Figure> chosen(Report report) {
        final Map<String, Figure> chosen = new LinkedHashMap<>();
        report.historyFigures().forEach(each -> chosen.put(each.id(), each));
        for (Report.Section section : report.sections()) {
            section.figures().forEach(each -> chosen.putIfAbsent(each.id(), each));
        }
        return chosen;
    }

    /** Writes them, and removes the charts that an earlier report left behind. */
    static void write(Report report, Path folder) throws IOException {
        Files.createDirectories(folder);
        final Map<String, Figure> drawn = chosen(report);
        drawn.values().removeIf(figure -> !figure.kept().isEmpty());
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file :
                    found.filter(each -> each.toString().endsWith(".png")).toList()) {
                if (!drawn.containsKey(file.getFileName().toString().replaceFirst("\\.png$", ""))) {
                    Files.delete(file);
                }
            }
        }
        for (Figure each : drawn.values()) {
            final Path file = folder.resolve(each.id() + ".png");
            if (each.isBars()) {
                bars(each, file);
            } else {
                lines(each, file);
            }
        }
    }

    private static void bars(Figure figure, Path file) throws IOException {
        final BarChart chart = new BarChart(figure.title(), figure.yLabel(), figure.categories());
        if (figure.yLogarithmic()) {
            chart.yLogarithmic();
        }
        for (Series series : figure.series()) {
            final double[] values = new double[figure.categories().size()];
            Arrays.fill(values, Double.NaN);
            series.points().forEach(point -> values[(int) point.x()] = point.y());
            chart.add(series.name(), values);
        }
        chart.write(file);
    }

    private static void lines(Figure figure, Path file) throws IOException {
        final LineChart chart = new LineChart(figure.title(), figure.xTitle(), figure.yLabel());
        if (figure.xPercentiles()) {
            chart.xLogarithmic().xLabels(ChartFiles::percentile);
        }
        if (figure.yLogarithmic()) {
            chart.yLogarithmic();
        }
        for (Series series : figure.series()) {
            final List<Point> points = series.points();
            chart.add(
                    series.name(),
                    points.stream().mapToDouble(Point::x).toArray(),
                    points.stream().mapToDouble(Point::y).toArray(),
                    figure.xPercentiles() ? Mark.LINE : Mark.POINTS_ON_LINE);
        }
        chart.write(file);
    }

    /** The label of {@code 1 / (1 - p)}: 10 is 90 %, 1000 is 99.9 %. */
    private static String percentile(double inverse) {
        return BigDecimal.valueOf(PERCENT * (1 - 1 / inverse))
                .setScale(PERCENTILE_DIGITS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
