package io.millrace.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Made-up results of JMH. */
final class JmhFile {
    private JmhFile() {}

    /** Writes a run of these rows. */
    static Path run(Path folder, String... rows) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("jmh.json"), "[" + String.join(",\n", rows) + "]");
        return folder;
    }

    /** A row of one benchmark. */
    static String row(String benchmark, String mode, int threads, double score, String unit) {
        return String.format(
                Locale.ROOT,
                "{\"benchmark\":\"%s\",\"mode\":\"%s\",\"threads\":%d,\"measurementBatchSize\":1,\"params\":{\"size\":\"64\"},"
                        + "\"primaryMetric\":{\"score\":%s,\"scoreError\":%s,\"scoreUnit\":\"%s\"}}",
                benchmark,
                mode,
                threads,
                score,
                score / 100,
                unit);
    }
}
