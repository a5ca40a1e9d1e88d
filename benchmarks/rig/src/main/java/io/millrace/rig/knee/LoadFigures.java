package io.millrace.rig.knee;

import io.millrace.rig.judge.Judgement;
import io.millrace.rig.measure.Percentiles;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Figures at one load.
 *
 * @param step the interval.
 * @param latency from due to received, without the intended delay.
 * @param stages the relay's own clock, by stage; empty for the forwarder.
 * @param hiccups of the machine meanwhile.
 * @param series the interval in time.
 * @param ledger where the time went.
 * @param judgement whether the relay kept its promises; null for the forwarder, which makes none.
 */
record LoadFigures(
        Step step,
        Histogram latency,
        Map<String, Histogram> stages,
        Histogram hiccups,
        TimeSeries series,
        KneeLedger ledger,
        Judgement judgement) {
    static LoadFigures ofRelay(
            Step step, TestBed bed, TestBedShared parts, LoadPool pool, KneeOptions options, Judgement.Place place) {
        return new LoadFigures(
                step,
                Latencies.of(bed.load(), pool::delayNs),
                bed.report().histograms(),
                parts.hiccups().since(bed.mark()),
                TimeSeries.of(bed.load(), pool::delayNs, parts.hiccups(), bed.mark()),
                bed.ledger(),
                Judgement.of(
                        bed.load().passages(pool::delayNs),
                        options.delay(),
                        options.engine().config().tick().toNanos(),
                        place));
    }

    static LoadFigures ofForwarder(Step step, TestBed bed, TestBedShared parts) {
        return new LoadFigures(
                step,
                Latencies.of(bed.load(), number -> 0),
                Map.of(),
                parts.hiccups().since(bed.mark()),
                TimeSeries.of(bed.load(), number -> 0, parts.hiccups(), bed.mark()),
                bed.ledger(),
                null);
    }

    /** The stages' percentiles, by stage. */
    Map<String, Map<String, Long>> stagePercentiles() {
        final Map<String, Map<String, Long>> percentiles = new LinkedHashMap<>();
        stages.forEach((name, histogram) -> percentiles.put(name, Percentiles.of(histogram)));
        return percentiles;
    }
}
