package io.millrace.node.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/** The series of one name while a scrape is answered. One without series is left out. */
final class Family {
    private record Series(double value, Labels labels) {}

    private final String name;
    private final String help;
    private final List<Series> series = new ArrayList<>();

    Family(String name, String help) {
        this.name = name;
        this.help = help;
    }

    /**
     * Adds a series.
     *
     * @param labels names and values in turn.
     */
    Family add(double value, String... labels) {
        series.add(new Series(value, Labels.of(labels)));
        return this;
    }

    /** Adds a series that counts; exact below 2^53. */
    Family add(long value, String... labels) {
        return add((double) value, labels);
    }

    /** As counters, to whose name the formats add {@code _total}. */
    void counter(MetricSnapshots.Builder all) {
        if (!series.isEmpty()) {
            final CounterSnapshot.Builder counters =
                    CounterSnapshot.builder().name(name).help(help);
            series.forEach(each -> counters.dataPoint(CounterDataPointSnapshot.builder()
                    .value(each.value())
                    .labels(each.labels())
                    .build()));
            all.metricSnapshot(counters.build());
        }
    }

    /** As gauges. */
    void gauge(MetricSnapshots.Builder all) {
        if (!series.isEmpty()) {
            final GaugeSnapshot.Builder gauges =
                    GaugeSnapshot.builder().name(name).help(help);
            series.forEach(each -> gauges.dataPoint(GaugeDataPointSnapshot.builder()
                    .value(each.value())
                    .labels(each.labels())
                    .build()));
            all.metricSnapshot(gauges.build());
        }
    }
}
