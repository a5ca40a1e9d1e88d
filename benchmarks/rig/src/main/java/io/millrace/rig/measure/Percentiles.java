package io.millrace.rig.measure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The percentiles that reports give, by the names that they have in JSON. */
public final class Percentiles {
    private Percentiles() {}

    /**
     * {@code p50}, {@code p90}, {@code p99}, {@code p999}, {@code p9999} and {@code max}, in that order and in the unit of
     * the histogram; all 0 if it is empty.
     *
     * @param histogram of any unit; is not changed.
     */
    public static Map<String, Long> of(Histogram histogram) {
        final Map<String, Long> values = new LinkedHashMap<>();
        values.put("p50", histogram.getValueAtPercentile(50));
        values.put("p90", histogram.getValueAtPercentile(90));
        values.put("p99", histogram.getValueAtPercentile(99));
        values.put("p999", histogram.getValueAtPercentile(99.9));
        values.put("p9999", histogram.getValueAtPercentile(99.99));
        values.put("max", histogram.getMaxValue());
        return values;
    }
}
