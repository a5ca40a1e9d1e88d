package io.millrace.rig.report;

import java.util.List;

/**
 * A chart before it is drawn.
 *
 * @param id unique within a run, fit for a file name: small letters, digits and hyphens.
 * @param categories of a chart of bars, in order; empty for one of lines.
 * @param xPercentiles whether x is {@code 1 / (1 - p)} and labelled as percentiles; then x is logarithmic.
 * @param yLogarithmic what suits the values; the HTML page lets its reader choose.
 * @param kept the PNG that a run has of it already, below the folder of kept runs; empty if the report draws it.
 */
record Figure(
        String id,
        String title,
        String xTitle,
        String yTitle,
        List<String> categories,
        boolean xPercentiles,
        boolean yLogarithmic,
        List<Series> series,
        String kept) {
    /**
     * One colour of the chart.
     *
     * @param points by x; of bars, x is the index of the category.
     */
    record Series(String name, List<Point> points) {}

    /**
     * A value.
     *
     * @param error half of its interval, NaN where there is none.
     */
    record Point(double x, double y, double error) {
        Point(double x, double y) {
            this(x, y, Double.NaN);
        }
    }

    /** How far apart the values of a chart may be before a logarithmic axis shows them better. */
    private static final double LINEAR_SPAN = 30;

    /** A chart of lines over numbers. */
    static Figure lines(String id, String title, String xTitle, String yTitle, List<Series> series) {
        return new Figure(id, title, xTitle, yTitle, List.of(), false, false, series, "");
    }

    /** A chart of latencies by percentile. */
    static Figure percentiles(String id, String title, String yTitle, List<Series> series) {
        return new Figure(id, title, "percentile", yTitle, List.of(), true, true, series, "");
    }

    /** A chart of bars, one group per category. */
    static Figure bars(String id, String title, String yTitle, List<String> categories, List<Series> series) {
        final double[] values = series.stream()
                .flatMap(each -> each.points().stream())
                .mapToDouble(Point::y)
                .filter(y -> y > 0)
                .sorted()
                .toArray();
        final boolean wide = values.length > 1 && values[values.length - 1] > LINEAR_SPAN * values[0];
        return new Figure(id, title, "", yTitle, categories, false, wide, series, "");
    }

    /** The same on a linear axis: of parts that add up, length must mean amount. */
    Figure linear() {
        return new Figure(id, title, xTitle, yTitle, categories, xPercentiles, false, series, kept);
    }

    /** The same where a run has the PNG already: {@code file}, below the folder of kept runs. */
    Figure keptAs(String file) {
        return new Figure(id, title, xTitle, yTitle, categories, xPercentiles, yLogarithmic, series, file);
    }

    /** Its PNG, below the folder of kept runs. */
    String file() {
        return kept.isEmpty() ? "charts/" + id + ".png" : kept;
    }

    /** Label of the y axis when its scale is free. */
    String yLabel() {
        return yLogarithmic ? yTitle + ", logarithmic" : yTitle;
    }

    boolean isBars() {
        return !categories.isEmpty();
    }

    /** Whether there is anything to draw. */
    boolean hasData() {
        return series.stream().anyMatch(each -> !each.points().isEmpty());
    }
}
