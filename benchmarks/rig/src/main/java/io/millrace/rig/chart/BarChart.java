package io.millrace.rig.chart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** A chart of upright bars in groups, one group per category. Built once, written once; not thread safe. */
public final class BarChart {
    /** From so many letters on, the names below the bars are tilted. */
    private static final int LETTERS_IN_A_ROW = 110;

    private static final int TILT_DEGREES = 35;

    private record Series(String name, List<Double> values) {}

    private final String title;
    private final String yTitle;
    private final List<String> categories;
    private final List<Series> series = new ArrayList<>();
    private boolean yLogarithmic;

    /**
     * An empty chart.
     *
     * @param categories names of the groups, from left to right; no two alike.
     */
    public BarChart(String title, String yTitle, List<String> categories) {
        this.title = title;
        this.yTitle = yTitle;
        this.categories = List.copyOf(categories);
    }

    /** Makes the y axis logarithmic: values of zero and below then have no bar. */
    public BarChart yLogarithmic() {
        yLogarithmic = true;
        return this;
    }

    /**
     * Adds a bar to each group.
     *
     * @param values one per category; NaN where there is no bar.
     */
    public BarChart add(String name, double[] values) {
        if (values.length != categories.size()) {
            throw new IllegalArgumentException(
                    "one value per category: values=" + values.length + ", categories=" + categories.size());
        }
        final List<Double> drawn = new ArrayList<>();
        for (double value : values) {
            drawn.add(Double.isNaN(value) || (yLogarithmic && value <= 0) ? null : value);
        }
        if (drawn.stream().anyMatch(Objects::nonNull)) {
            series.add(new Series(name, drawn));
        }
        return this;
    }

    /** Writes the chart as a PNG. */
    public void write(Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        final CategoryChart chart = new CategoryChartBuilder()
                .width(ChartStyle.WIDTH)
                .height(ChartStyle.HEIGHT)
                .title(title)
                .xAxisTitle("")
                .yAxisTitle(yTitle)
                .build();
        final var styler = chart.getStyler();
        ChartStyle.apply(styler);
        styler.setLegendVisible(series.size() > 1);
        if (categories.stream().mapToInt(String::length).sum() > LETTERS_IN_A_ROW) {
            styler.setXAxisLabelRotation(TILT_DEGREES);
        }
        if (yLogarithmic) {
            ChartStyle.logarithmic(
                    styler,
                    series.stream()
                            .flatMap(each -> each.values().stream())
                            .filter(Objects::nonNull)
                            .mapToDouble(v -> v));
        } else {
            styler.setYAxisMin(0.0);
        }
        for (int i = 0; i < series.size(); i++) {
            chart.addSeries(series.get(i).name(), categories, series.get(i).values())
                    .setFillColor(ChartStyle.color(i));
        }
        ChartStyle.write(chart, file);
    }
}
