package io.millrace.rig.chart;

import io.millrace.files.WholeFile;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** What all charts have in common. */
final class ChartStyle {
    static final int WIDTH = 1_100;
    static final int HEIGHT = 620;
    private static final int TITLE_SIZE = 18;
    private static final int TEXT_SIZE = 13;
    /** What lies at a power of ten must still be seen above the edge: in powers of ten. */
    private static final double EDGE = 0.001;

    static final Color GRID = new Color(0xDD, 0xDD, 0xDD);
    /**
     * Distinct for people who see colours differently: Okabe and Ito's palette, the yellow left out, then darker and paler
     * colours for charts with more series.
     */
    private static final Color[] PALETTE = {
        new Color(0x00, 0x72, 0xB2),
        new Color(0xD5, 0x5E, 0x00),
        new Color(0x00, 0x9E, 0x73),
        new Color(0xCC, 0x79, 0xA7),
        new Color(0x56, 0xB4, 0xE9),
        new Color(0xE6, 0x9F, 0x00),
        new Color(0x44, 0x44, 0x44),
        new Color(0x33, 0x22, 0x88),
        new Color(0x88, 0x22, 0x55),
        new Color(0x99, 0x99, 0x33),
        new Color(0xAA, 0xAA, 0xAA),
        new Color(0x66, 0x33, 0x00)
    };

    /** How many series have colours of which no two are alike. */
    static final int COLORS = PALETTE.length;

    private ChartStyle() {}

    /** The colour of the series with that index. */
    static Color color(int series) {
        return PALETTE[series % PALETTE.length];
    }

    static Font titleFont() {
        return new Font(Font.SANS_SERIF, Font.BOLD, TITLE_SIZE);
    }

    static Font textFont() {
        return new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE);
    }

    static void apply(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotBorderVisible(false);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setChartTitleFont(titleFont());
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE + 1));
        styler.setAxisTickLabelsFont(textFont());
        styler.setLegendFont(textFont());
        styler.setYAxisDecimalPattern("#,##0.###");
    }

    /** Makes the y axis logarithmic, from a power of ten to a power of ten: only those are labelled. */
    static void logarithmic(AxesChartStyler styler, DoubleStream values) {
        final DoubleSummaryStatistics drawn = values.summaryStatistics();
        if (drawn.getCount() > 0) {
            final double low = Math.floor(Math.log10(drawn.getMin()) - EDGE);
            styler.setYAxisLogarithmic(true);
            styler.setYAxisMin(Math.pow(10, low));
            styler.setYAxisMax(Math.pow(10, Math.max(low + 1, Math.ceil(Math.log10(drawn.getMax())))));
        }
    }

    /** Begins a linear y axis at 0 and ends it at a round number, where all values are 0 or more; at 1 if all are 0. */
    static void linear(AxesChartStyler styler, DoubleStream values) {
        final DoubleSummaryStatistics drawn = values.summaryStatistics();
        if (drawn.getCount() > 0 && drawn.getMin() >= 0) {
            final double top = drawn.getMax() > 0 ? drawn.getMax() : 1;
            final double unit = Math.pow(10, Math.floor(Math.log10(top))) / 2;
            styler.setYAxisMin(0.0);
            styler.setYAxisMax(unit * Math.ceil(top / unit));
        }
    }

    static void write(Chart<?, ?> chart, Path file) throws IOException {
        WholeFile.replace(file, out -> ChartEncoder.saveChart(chart, out, "png"));
    }
}
