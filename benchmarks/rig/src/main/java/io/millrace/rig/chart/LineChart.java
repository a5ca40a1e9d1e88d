package io.millrace.rig.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of lines or points over two axes. Built once, written once; not thread safe. */
public final class LineChart {
    /** How a series is drawn. */
    public enum Mark {
        /** A line. */
        LINE,
        /** A broken line: what others are compared with. */
        DASHED,
        /** A line with its points. */
        POINTS_ON_LINE,
        /** Points alone. */
        POINTS
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Series(String name, double[] x, double[] y, Mark mark) {}

    private static final float LINE_WIDTH = 2;

    private final String title;
    private final String xTitle;
    private final String yTitle;
    private final List<Series> series = new ArrayList<>();
    private boolean xLogarithmic;
    private boolean yLogarithmic;
    private Function<Double, String> xLabel;

    /** An empty chart. */
    public LineChart(String title, String xTitle, String yTitle) {
        this.title = title;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    /** Makes the x axis logarithmic: values of zero and below are then left out. */
    public LineChart xLogarithmic() {
        xLogarithmic = true;
        return this;
    }

    /** Makes the y axis logarithmic: values of zero and below are then left out. */
    public LineChart yLogarithmic() {
        yLogarithmic = true;
        return this;
    }

    /** Labels the x axis by {@code label} instead of by its numbers. */
    public LineChart xLabels(Function<Double, String> label) {
        xLabel = label;
        return this;
    }

    /** Adds a series; one without a point that can be drawn is left out. */
    public LineChart add(String name, double[] x, double[] y, Mark mark) {
        if (x.length != y.length) {
            throw new IllegalArgumentException("x and y must match: x=" + x.length + ", y=" + y.length);
        }
        final int[] drawn = IntStream.range(0, x.length)
                .filter(i -> !(xLogarithmic && x[i] <= 0) && !(yLogarithmic && y[i] <= 0))
                .toArray();
        if (drawn.length > 0) {
            series.add(new Series(
                    name,
                    Arrays.stream(drawn).mapToDouble(i -> x[i]).toArray(),
                    Arrays.stream(drawn).mapToDouble(i -> y[i]).toArray(),
                    mark));
        }
        return this;
    }

    /** Writes the chart as a PNG. */
    public void write(Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        final XYChart chart = new XYChartBuilder()
                .width(ChartStyle.WIDTH)
                .height(ChartStyle.HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        final var styler = chart.getStyler();
        ChartStyle.apply(styler);
        styler.setXAxisLogarithmic(xLogarithmic);
        final DoubleStream drawn = series.stream().flatMapToDouble(each -> Arrays.stream(each.y()));
        if (yLogarithmic) {
            ChartStyle.logarithmic(styler, drawn);
        } else {
            ChartStyle.linear(styler, drawn);
        }
        styler.setXAxisDecimalPattern("#,##0.###");
        if (xLabel != null) {
            styler.setXAxisTickLabelsFormattingFunction(xLabel);
        }
        for (int i = 0; i < series.size(); i++) {
            draw(chart, series.get(i), ChartStyle.color(i));
        }
        ChartStyle.write(chart, file);
    }

    private static void draw(XYChart chart, Series each, Color color) {
        final XYSeries drawn = chart.addSeries(each.name(), each.x(), each.y());
        drawn.setLineColor(color);
        drawn.setMarkerColor(color);
        drawn.setLineWidth(LINE_WIDTH);
        final boolean points = each.mark() == Mark.POINTS || each.mark() == Mark.POINTS_ON_LINE || each.x().length == 1;
        drawn.setMarker(points ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        final BasicStroke stroke = switch (each.mark()) {
            case LINE, POINTS_ON_LINE -> SeriesLines.SOLID;
            case DASHED -> SeriesLines.DASH_DASH;
            case POINTS -> SeriesLines.NONE;
        };
        drawn.setLineStyle(stroke);
        if (each.mark() == Mark.POINTS) { // the line style alone does not keep XChart from joining them
            drawn.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        }
    }
}
