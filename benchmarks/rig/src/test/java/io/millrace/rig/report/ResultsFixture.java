package io.millrace.rig.report;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Two made-up runs: a newer one with every part, an older one with a bench alone. */
final class ResultsFixture {
    static final String OLDER = "2026-01-01-aaaaaaaaaa-made-up";
    static final String NEWER = "2026-01-02-bbbbbbbbbb-made-up";

    private ResultsFixture() {}

    /** Copies them into {@code folder}, which may be changed. */
    static Path copy(Path folder) throws IOException, URISyntaxException {
        final Path origin = Path.of(ResultsFixture.class.getResource("results").toURI());
        try (Stream<Path> found = Files.walk(origin)) {
            for (Path each : found.toList()) {
                final Path target = folder.resolve(origin.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
        return folder;
    }

    /** Makes the report. */
    static void report(Path folder) throws IOException {
        ReportPages.write(folder, Optional.empty());
    }
}
