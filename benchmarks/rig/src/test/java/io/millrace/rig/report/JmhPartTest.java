package io.millrace.rig.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JmhPartTest {
    private static final String SOLVE = "org.example.Solve.ldl";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "ns/op, 4",
        "us/op, 4e3",
        "ms/op, 4e6",
        "s/op, 4e9",
        "min/op, 240e9",
        "hr/op, 14400e9",
        "day/op, 345600e9",
        "ops/ns, 0.25",
        "ops/us, 250",
        "ops/ms, 250e3",
        "ops/s, 250e6",
        "ops/min, 15e9",
        "ops/hr, 900e9",
        "ops/day, 21600e9"
    })
    void everyUnitOfJmhGetsAChart(String unit, double ns) throws IOException {
        final KeptRun run = run(row(SOLVE, unit.startsWith("ops") ? "thrpt" : "avgt", 1, 4, unit));

        final double drawn = JmhPart.figures(run)
                .getFirst()
                .series()
                .getFirst()
                .points()
                .getFirst()
                .y();
        assertThat(drawn).isCloseTo(ns, within(ns * 1e-9));
        assertThat(JmhPart.remarks(run).toString()).contains(unit.startsWith("ops") ? unit : "[]");
    }

    @Test
    void aUnitWithoutAChartIsSaid() throws IOException {
        run(row(SOLVE, "avgt", 1, 4, "B/op"), row(SOLVE, "thrpt", 1, 0, "ops/s"));
        Files.writeString(folder.resolve("run").resolve("notes.json"), "{}");
        Files.writeString(folder.resolve("index.jsonl"), "{\"run\":\"run\"}");

        assertThat(ReportPages.write(folder, Optional.empty()).remarks().toString())
                .contains(
                        "1 of Solve in B/op: no chart, which needs time per operation or operations per time",
                        "1 of Solve in ops/s: no chart, for lack of a score above 0",
                        "not read: notes.json");
    }

    @Test
    void modesAndThreadsAreBarsOfTheirOwn() throws IOException {
        final KeptRun run = run(
                row(SOLVE, "avgt", 1, 4, "ns/op"),
                row(SOLVE, "avgt", 8, 5, "ns/op"),
                row(SOLVE, "sample", 1, 6, "ns/op"));

        assertThat(JmhPart.figures(run).getFirst().categories())
                .containsExactly("ldl size=64", "ldl size=64 threads=8", "ldl size=64 mode=sample");
    }

    @Test
    void twoClassesOfOneSimpleNameAreTwoCharts() throws IOException {
        final KeptRun run = run(row("a.Solve.ldl", "avgt", 1, 4, "ns/op"), row("b.Solve.ldl", "avgt", 1, 5, "ns/op"));

        assertThat(JmhPart.figures(run)).extracting(Figure::id).isEqualTo(List.of("jmh-a-solve", "jmh-b-solve"));
    }

    private KeptRun run(String... rows) throws IOException {
        final Path run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(run.resolve("jmh.json"), "[" + String.join(",\n", rows) + "]");
        return KeptRuns.run(run, "run");
    }

    /** A row of JMH's results. */
    private static String row(String benchmark, String mode, int threads, double score, String unit) {
        return String.format(
                Locale.ROOT,
                "{\"benchmark\":\"%s\",\"mode\":\"%s\",\"threads\":%d,\"measurementBatchSize\":1,"
                        + "\"params\":{\"size\":\"64\"},\"primaryMetric\":{\"score\":%s,\"scoreUnit\":\"%s\"}}",
                benchmark,
                mode,
                threads,
                score,
                unit);
    }
}
