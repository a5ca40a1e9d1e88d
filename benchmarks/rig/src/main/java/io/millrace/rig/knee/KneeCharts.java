package io.millrace.rig.knee;

import io.millrace.rig.chart.LineChart;
import io.millrace.rig.chart.LineChart.Mark;
import io.millrace.rig.knee.subject.SubjectSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The pictures of a run. */
final class KneeCharts {
    private static final double NS_PER_US = 1_000;
    private static final String HIGHEST_LOAD = Integer.toString(KneeRun.LOADS.getLast());
    private static final double PERCENT = 100;

    private final KneeMeasurements measured;
    private final Path folder;

    KneeCharts(KneeMeasurements measured, Path folder) {
        this.measured = measured;
        this.folder = folder;
    }

    /** Writes all, and returns their names. */
    List<String> write() throws IOException {
        loss(folder.resolve("loss.png"));
        latency(folder.resolve("latency.png"));
        stages(folder.resolve("stages.png"));
        timeSeries(folder.resolve("time-series.png"));
        return List.of("loss.png", "latency.png", "stages.png", "time-series.png");
    }

    /** Offered rate against lost packets, a point for each interval but the short ones of the search. */
    private void loss(Path file) throws IOException {
        final LineChart chart = new LineChart(
                        String.format(
                                Locale.ROOT,
                                "Loss by offered rate: knee %s%,.0f/s, floor %,.0f/s",
                                measured.knee().poolLimited() ? "at least " : "",
                                measured.knee().rate(),
                                measured.floor()),
                        "offered packets per second",
                        "lost, percent")
                .xLogarithmic();
        for (String subject : List.of(SubjectSetup.RELAY, SubjectSetup.FORWARDER)) {
            final List<Step> tried = measured.steps().stream()
                    .filter(step -> step.subject().equals(subject) && !step.scout())
                    .toList();
            chart.add(
                    subject.equals(SubjectSetup.RELAY) ? "relay" : "bare forwarder",
                    tried.stream().mapToDouble(Step::rate).toArray(),
                    tried.stream()
                            .mapToDouble(step -> PERCENT * step.lost() / step.sent())
                            .toArray(),
                    Mark.POINTS);
        }
        chart.write(file);
    }

    /** Latency by percentile at each load, over the floor and the machine's own stalls. */
    private void latency(Path file) throws IOException {
        final LineChart chart = new LineChart(
                        "Latency from due to received, without the mixing delay", "percentile", "microseconds")
                .xLogarithmic()
                .yLogarithmic()
                .xLabels(KneeCharts::percentile);
        measured.relayLoads()
                .forEach((load, figures) ->
                        percentiles(chart, "relay, " + KneeReport.loadText(load), figures.latency(), Mark.LINE));
        percentiles(
                chart,
                "bare forwarder, same rate as " + HIGHEST_LOAD + " %",
                measured.floorLoads().get(HIGHEST_LOAD).latency(),
                Mark.DASHED);
        percentiles(
                chart,
                "machine's hiccups at " + HIGHEST_LOAD + " %",
                measured.relayLoads().get(HIGHEST_LOAD).hiccups(),
                Mark.DASHED);
        percentiles(chart, "machine's hiccups, idle", measured.idle(), Mark.DASHED);
        chart.write(file);
    }

    /** The relay's own clock at the highest load. */
    private void stages(Path file) throws IOException {
        final LineChart chart = new LineChart(
                        "Time in each stage at " + HIGHEST_LOAD + " % of the knee, by the relay's clock",
                        "percentile",
                        "microseconds")
                .xLogarithmic()
                .yLogarithmic()
                .xLabels(KneeCharts::percentile);
        measured.relayLoads()
                .get(HIGHEST_LOAD)
                .stages()
                .forEach((name, histogram) -> percentiles(chart, name, histogram, Mark.LINE));
        chart.write(file);
    }

    /** The interval at the highest load in time: pauses of the machine, with latencies of the packets. */
    private void timeSeries(Path file) throws IOException {
        final TimeSeries series = measured.relayLoads().get(HIGHEST_LOAD).series();
        new LineChart(
                        "Slowest packet of each 10 ms at " + HIGHEST_LOAD + " % of the knee",
                        "seconds",
                        "microseconds, without the mixing delay")
                .yLogarithmic()
                .add("slowest packet", series.seconds(), series.worstUs(), Mark.LINE)
                .add("machine's longest hiccup", series.seconds(), series.hiccupUs(), Mark.DASHED)
                .write(file);
    }

    private static void percentiles(LineChart chart, String name, Histogram histogram, Mark mark) {
        record Point(double x, double y) {}
        final List<Point> points = new ArrayList<>();
        for (HistogramIterationValue value : histogram.percentiles(5)) {
            if (value.getPercentileLevelIteratedTo() < PERCENT) {
                points.add(new Point(
                        PERCENT / (PERCENT - value.getPercentileLevelIteratedTo()),
                        value.getValueIteratedTo() / NS_PER_US));
            }
        }
        points.sort(Comparator.comparingDouble(Point::x));
        chart.add(
                name,
                points.stream().mapToDouble(Point::x).toArray(),
                points.stream().mapToDouble(Point::y).toArray(),
                mark);
    }

    /** The label of {@code 1 / (1 - p)}: 10 is 90 %, 1000 is 99.9 %. */
    private static String percentile(double inverse) {
        final double share = PERCENT * (1 - 1 / inverse);
        return inverse < 1.5
                ? "0"
                : new java.math.BigDecimal(share)
                        .setScale(5, java.math.RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
