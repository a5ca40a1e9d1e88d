package io.millrace.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command around the pages, which {@code ReportPagesTest} of the rig looks at. */
class ReportCommandTest {
    private static final String ROW =
            "{\"benchmark\":\"org.example.Solve.ldl\",\"mode\":\"avgt\",\"threads\":1,\"measurementBatchSize\":1,"
                    + "\"primaryMetric\":{\"score\":4,\"scoreUnit\":\"ns/op\"}}";

    @TempDir
    private Path results;

    @Test
    void writesThePagesAndSaysHowMuchIsInThem() throws IOException {
        keep();

        final ProgramRun run = ProgramRun.of("report", "--results", results.toString(), "--json");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.json().get("runs").asInt()).isOne();
        assertThat(run.json().get("charts").asInt()).isOne();
        assertThat(run.err()).contains("run run: not read: notes.json").hasLineCount(1);
        assertThat(results.resolve("README.md")).content().contains("Solve.ldl");
        assertThat(results.resolve("index.html")).isNotEmptyFile();
        assertThat(results.resolve("charts")).isDirectoryContaining("glob:**.png");
    }

    @Test
    void whatCannotBeReadIsOneLine() throws IOException {
        assertFails("no kept runs", results.resolve("none"));
        keep();
        Files.writeString(results.resolve("run").resolve("jmh.json"), "[{");
        assertFails("jmh.json, line 1, column 3", results);
    }

    @Test
    void aReadmeWithoutAPlaceIsRefused() throws IOException {
        keep();
        final Path readme = Files.writeString(results.resolve("FRONT.md"), "no place");

        final ProgramRun run = ProgramRun.of("report", "--results", results.toString(), "--readme", readme.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("no place for figures").hasLineCount(1);
    }

    private void keep() throws IOException {
        final Path run = Files.createDirectory(results.resolve("run"));
        Files.writeString(run.resolve("jmh.json"), "[" + ROW + "]");
        Files.writeString(run.resolve("notes.json"), "{}");
        Files.writeString(results.resolve("index.jsonl"), "{\"run\":\"run\"}");
    }

    private static void assertFails(String why, Path folder) {
        final ProgramRun run = ProgramRun.of("report", "--results", folder.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(why).hasLineCount(1);
    }
}
