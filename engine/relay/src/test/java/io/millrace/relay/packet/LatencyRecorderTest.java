package io.millrace.relay.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private static final long MAX_NS = TimeUnit.SECONDS.toNanos(60);

    @Test
    void everyValueHasTheBucketOfAnHdrHistogram() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final LatencyRecorder recorder = new LatencyRecorder(1);
        final Histogram expected = LatencyRecorder.newHistogram();
        for (int i = 0; i < 200_000; i++) {
            final long ns = Math.min(MAX_NS, random.nextLong() >>> (28 + random.nextInt(36)));
            recorder.record(0, ns);
            expected.recordValue(ns);
        }
        for (int bits = 0; bits < 36; bits++) {
            for (long ns = (1L << bits) - 1; ns <= (1L << bits) + 1; ns++) {
                recorder.record(0, Math.min(MAX_NS, ns));
                expected.recordValue(Math.min(MAX_NS, ns));
            }
        }

        assertThat(read(recorder, 0)).as("seed " + seed).isEqualTo(expected);
    }

    @Test
    void valuesOutsideTheRangeCountAtItsEnds() {
        final LatencyRecorder recorder = new LatencyRecorder(1);
        recorder.record(0, -5);
        recorder.record(0, MAX_NS + 1);
        recorder.record(0, Long.MAX_VALUE);

        final Histogram read = read(recorder, 0);

        assertThat(read.getCountAtValue(0)).isEqualTo(1);
        assertThat(read.getCountAtValue(MAX_NS)).isEqualTo(2);
        assertThat(read.getTotalCount()).isEqualTo(3);
    }

    @Test
    void stagesAreSeparateAndEveryReadingHasAllValues() {
        final LatencyRecorder recorder = new LatencyRecorder(2);
        recorder.record(0, 10);
        recorder.record(1, 20);
        recorder.record(1, 20);

        assertThat(read(recorder, 1).getTotalCount()).isEqualTo(2);
        recorder.record(1, 30);
        assertThat(read(recorder, 1).getTotalCount()).isEqualTo(3);
        assertThat(read(recorder, 0).getCountAtValue(10)).isEqualTo(1);
        assertThat(read(recorder, 0).getTotalCount()).isEqualTo(1);
    }

    @Test
    void aResetForgetsWhatWasRecordedBeforeIt() {
        final LatencyRecorder recorder = new LatencyRecorder(2);
        recorder.reset(); // of nothing
        recorder.record(0, 10);
        recorder.record(0, 5_000);
        recorder.reset();
        recorder.record(0, 5_000);
        recorder.record(1, 7);

        assertThat(read(recorder, 0).getTotalCount()).isEqualTo(1);
        assertThat(read(recorder, 0).getCountAtValue(5_000)).isEqualTo(1);
        recorder.reset();
        assertThat(read(recorder, 0).getTotalCount()).isZero();
        assertThat(read(recorder, 1).getTotalCount()).isZero();
    }

    @Test
    void anEmptyRecorderHasNoValues() {
        assertThat(read(new LatencyRecorder(3), 2).getTotalCount()).isZero();
    }

    private static Histogram read(LatencyRecorder recorder, int stage) {
        final Histogram read = LatencyRecorder.newHistogram();
        recorder.addTo(read, stage);
        return read;
    }
}
