package io.millrace.cli.report;

import static io.millrace.cli.report.JmhFile.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompareCommandTest {
    private static final String DIGEST = "org.example.Hash.digest";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "avgt, 60000000000, ns/op, 60000000, us/op",
        "avgt, 60000000000, ns/op, 60000, ms/op",
        "avgt, 60000000000, ns/op, 60, s/op",
        "avgt, 60000000000, ns/op, 1, min/op",
        "avgt, 3600, s/op, 1, hr/op",
        "avgt, 24, hr/op, 1, day/op",
        "thrpt, 2, ops/ns, 2000000000, ops/s",
        "thrpt, 2, ops/us, 2000, ops/ms",
        "thrpt, 2, ops/s, 120, ops/min",
        "thrpt, 2, ops/min, 120, ops/hr",
        "thrpt, 2, ops/hr, 48, ops/day"
    })
    void theSameTimeInTwoUnitsIsTheSame(String mode, double old, String oldUnit, double now, String newUnit)
            throws IOException {
        assertThat(compared(List.of(row(DIGEST, mode, 1, old, oldUnit)), List.of(row(DIGEST, mode, 1, now, newUnit)))
                        .exitCode())
                .isZero();
        assertThat(compared(
                                List.of(row(DIGEST, mode, 1, old, oldUnit)),
                                List.of(row(DIGEST, mode, 1, mode.equals("avgt") ? 2 * now : now / 2, newUnit)))
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void rowsOfOneNameAreComparedByModeAndThreads() throws IOException {
        final List<String> old = List.of(
                row(DIGEST, "avgt", 1, 100, "ns/op"),
                row(DIGEST, "avgt", 8, 400, "ns/op"),
                row(DIGEST, "thrpt", 1, 0.01, "ops/ns"));

        for (int slower = 0; slower < old.size(); slower++) {
            final List<String> now = new ArrayList<>(old);
            now.set(
                    slower,
                    old.get(slower)
                            .replace("\"score\":100.0", "\"score\":300.0")
                            .replace("\"score\":400.0", "\"score\":900.0")
                            .replace("\"score\":0.01", "\"score\":0.003"));
            final ProgramRun run = compared(old, now);
            assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
            assertThat(run.out()).contains("3 compared, 1 slower; only old: 0, only new: 0");
        }
    }

    @Test
    void aRowThatIsMissingIsNamedAndFails() throws IOException {
        final List<String> old = List.of(row(DIGEST, "avgt", 1, 100, "ns/op"), row(DIGEST, "avgt", 8, 100, "ns/op"));
        final List<String> now = List.of(old.getFirst());

        final ProgramRun run = compared(old, now);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).containsPattern("MISSING +" + DIGEST + " size=64 mode=avgt threads=8");
        assertThat(compared(old, now, "--allow-missing").exitCode()).isZero();
        assertThat(compared(now, old).exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"name\":\"x\",\"unit\":\"ns/op\",\"value\":1}]", "{}", "7", "", "[{", "[1]", "\"x\""})
    void aFileThatHoldsNoResultsIsRefusedByName(String content) throws IOException {
        final Path sound = JmhFile.run(folder.resolve("sound"), row(DIGEST, "avgt", 1, 100, "ns/op"));
        final Path other = JmhFile.run(folder.resolve("other"));
        Files.writeString(other.resolve("jmh.json"), content);

        for (List<Path> pair : List.of(List.of(sound, other), List.of(other, sound))) {
            final ProgramRun run = run(pair.getFirst(), pair.getLast());
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains(other.resolve("jmh.json").toString()).hasLineCount(1);
        }
    }

    @Test
    void whatDoesNotCompareIsRefused() throws IOException {
        final String digest = row(DIGEST, "avgt", 1, 100, "ns/op");

        assertRefused(
                "nothing to compare", List.of(digest), List.of(row("org.example.Seal.x", "avgt", 1, 100, "ns/op")));
        assertRefused("nothing to compare", List.of(digest), List.of(digest.replace("\"64\"", "\"128\"")));
        final String batch = digest.replace("avgt", "ss");
        assertRefused(
                "nothing to compare",
                List.of(batch),
                List.of(batch.replace("\"measurementBatchSize\":1", "\"measurementBatchSize\":10")));
        assertRefused("units that do not convert", List.of(digest), List.of(digest.replace("ns/op", "B/op")));
        assertRefused("twice", List.of(digest), List.of(digest, digest));
        assertRefused("\"mode\"", List.of(digest), List.of(digest.replace("avgt", "fast")));
        assertRefused("\"threads\"", List.of(digest), List.of(digest.replace("\"threads\":1", "\"threads\":0")));
        assertThat(run(folder.resolve("none"), folder.resolve("none")).exitCode())
                .isEqualTo(2);
    }

    @Test
    void aFigureWithoutAScoreIsInDoubt() throws IOException {
        final String digest = row(DIGEST, "avgt", 1, 100, "ns/op");

        final ProgramRun run =
                compared(List.of(digest), List.of(digest.replace("\"score\":100.0", "\"score\":\"NaN\"")));

        assertThat(run.out()).startsWith("?");
    }

    @Test
    void runsOfBenchAreComparedOnlyInTheSameCase() throws IOException {
        final Path best = Files.createDirectories(folder.resolve("best"));
        final Path ordinary = Files.createDirectories(folder.resolve("ordinary"));
        Files.writeString(best.resolve("bench-auto-shared.json"), "{\"hopLadders\":1,\"threading\":\"shared\"}");
        Files.writeString(
                ordinary.resolve("bench-auto-shared.json"),
                "{\"hopLadders\":2,\"threading\":\"shared\",\"circumstances\":\"ordinary\"}");

        assertThat(run(best, ordinary).err()).contains("nothing to compare");
        assertThat(run(best, best).exitCode()).isZero();
    }

    private void assertRefused(String why, List<String> old, List<String> now) throws IOException {
        final ProgramRun run = compared(old, now);
        assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
        assertThat(run.err()).contains(why).hasLineCount(1);
    }

    private ProgramRun compared(List<String> old, List<String> now, String... options) throws IOException {
        return run(
                JmhFile.run(folder.resolve("old"), old.toArray(String[]::new)),
                JmhFile.run(folder.resolve("new"), now.toArray(String[]::new)),
                options);
    }

    private static ProgramRun run(Path old, Path now, String... options) {
        final List<String> arguments = new ArrayList<>(List.of("compare", old.toString(), now.toString()));
        arguments.addAll(Arrays.asList(options));
        return ProgramRun.of(arguments.toArray(String[]::new));
    }
}
