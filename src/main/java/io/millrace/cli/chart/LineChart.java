package io.millrace.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
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

    private static final int WIDTH = 1_100;
    private static final int HEIGHT = 620;
    private static final int TITLE_SIZE = 18;
    private static final int TEXT_SIZE = 13;
    private static final float LINE_WIDTH = 2;
    private static final Color GRID = new Color(0xDD, 0xDD, 0xDD);
    /** Told apart by people who see colours differently: Okabe and Ito's palette, the yellow left out. */
    private static final Color[] PALETTE = {
        new Color(0x00, 0x72, 0xB2),
        new Color(0xD5, 0x5E, 0x00),
        new Color(0x00, 0x9E, 0x73),
        new Color(0xCC, 0x79, 0xA7),
        new Color(0x56, 0xB4, 0xE9),
        new Color(0xE6, 0x9F, 0x00),
        new Color(0x44, 0x44, 0x44)
    };

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
        final int[] drawn = java.util.stream.IntStream.range(0, x.length)
                .filter(i -> !(xLogarithmic && x[i] <= 0) && !(yLogarithmic && y[i] <= 0))
                .toArray();
        if (drawn.length > 0) {
            series.add(new Series(
                    name,
                    java.util.Arrays.stream(drawn).mapToDouble(i -> x[i]).toArray(),
                    java.util.Arrays.stream(drawn).mapToDouble(i -> y[i]).toArray(),
                    mark));
        }
        return this;
    }

    /** Writes the chart as a PNG. */
    public void write(Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        final XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        final var styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotBorderVisible(false);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, TITLE_SIZE));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE + 1));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE));
        styler.setXAxisLogarithmic(xLogarithmic);
        styler.setYAxisLogarithmic(yLogarithmic);
        styler.setXAxisDecimalPattern("#,##0.###");
        styler.setYAxisDecimalPattern("#,##0.###");
        if (xLabel != null) {
            styler.setXAxisTickLabelsFormattingFunction(xLabel);
        }
        for (int i = 0; i < series.size(); i++) {
            draw(chart, series.get(i), PALETTE[i % PALETTE.length]);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            ChartEncoder.saveChart(chart, out, "png");
        }
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
    }
}
