package io.millrace.rig.explain;

import io.millrace.rig.input.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Explains the slowest packets of a flight recording. */
public final class RecordingAnalysis {
    /** Highest percentile beyond which packets can be explained. */
    public static final double BEYOND_MAX = 99.999;

    private static final int OUTLIERS_MIN = 10;
    private static final double PERCENT = 100;

    private RecordingAnalysis() {}

    /**
     * Reads a recording and explains it.
     *
     * @param file the recording.
     * @param beyond percentile of the latencies beyond which a packet is explained, 0 to {@link #BEYOND_MAX}; of a short
     *     recording the slowest ten packets are explained instead.
     * @param patience longest time without an event that can be read.
     * @return causes and figures.
     * @throws InputException if the file is no recording, is damaged or has no sampled packets; names the file.
     * @throws IOException if it cannot be read.
     */
    public static ExplainReport explain(Path file, double beyond, Duration patience)
            throws IOException, InterruptedException {
        RecordingLayout.check(file);
        final RecordingReader reader = new RecordingReader(file);
        return GuardedReading.call(file, reader::progress, patience, () -> explained(reader, file, beyond));
    }

    private static ExplainReport explained(RecordingReader reader, Path file, double beyond) throws IOException {
        final RecordingContext background = reader.background();
        final Histogram latencies = reader.latencies();
        if (latencies.getTotalCount() == 0) {
            throw new InputException("no sampled packets in the recording: a relay records them only if"
                    + " millrace.PacketPath is enabled: file=" + file);
        }
        final double percentile = outliersFrom(latencies.getTotalCount(), beyond);
        final List<SampledPacket> slow = reader.slowerThan(latencies.getValueAtPercentile(percentile));
        return ExplainReport.of(latencies, percentile, slow, reader.runs(latencies), background);
    }

    /** Of a short recording the slowest few are taken: a share needs some to be a share of. */
    private static double outliersFrom(long packets, double beyond) {
        return Math.max(0, Math.min(beyond, PERCENT * (1 - (double) OUTLIERS_MIN / packets)));
    }
}
