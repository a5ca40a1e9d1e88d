package io.millrace.rig.knee;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** Writes a run into a folder: {@code knee.json}, histograms as {@code .hgrm} in microseconds, charts. */
final class KneeFiles {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final double NS_PER_US = 1_000.0;
    private static final int TICKS_PER_HALF = 5;

    private KneeFiles() {}

    static void write(KneeMeasurements measured, KneeReport report, Path folder) throws IOException {
        Files.createDirectories(folder);
        WholeFile.replace(folder.resolve("knee.json"), JSON.writeValueAsString(report) + "\n");
        for (var load : measured.relayLoads().entrySet()) {
            write(folder, "relay-" + load.getKey(), load.getValue().latency());
            write(folder, "hiccup-" + load.getKey(), load.getValue().hiccups());
        }
        for (var load : measured.floorLoads().entrySet()) {
            write(folder, "forwarder-" + load.getKey(), load.getValue().latency());
        }
        write(folder, "hiccup-idle", measured.idle());
        new KneeCharts(measured, folder).write();
    }

    private static void write(Path folder, String name, Histogram histogram) throws IOException {
        // A PrintStream hides a full disk: it writes to memory here, and the file is written by its bytes.
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8)) {
            histogram.outputPercentileDistribution(out, TICKS_PER_HALF, NS_PER_US);
        }
        WholeFile.replace(folder.resolve(name + ".hgrm"), text.toByteArray());
    }
}
