package io.millrace.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program is made late for a known reason, and says which. The injected stops are longer than a busy machine's. */
class ExplainCommandTest {
    @TempDir
    private Path folder;

    private JsonNode explained(String... injected) throws IOException, InterruptedException {
        final Path file = folder.resolve("run.jfr");
        final List<String> arguments = new ArrayList<>(
                List.of("bench", "--seconds", "4", "--packets", "8192", "--json", "--jfr", file.toString()));
        arguments.addAll(List.of(injected));
        final ProgramRun bench = ProgramRun.inChild(arguments.toArray(String[]::new));
        assertThat(bench.exitCode()).as(bench.err()).isEqualTo(ExitCode.OK);

        final ProgramRun run = ProgramRun.of("explain", file.toString(), "--json");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        final JsonNode report = run.json();
        assertThat(report.get("packets").asLong()).isPositive();
        assertThat(report.get("outliers").asInt()).isPositive();
        double shares = 0;
        for (JsonNode cause : report.get("causes")) {
            shares += cause.get("share").asDouble();
            assertThat(cause.get("totalNs").asLong()).isNotNegative();
        }
        assertThat(shares).as(report.toString()).isBetween(0.99, 1.01);
        return report;
    }

    @Test
    void namesAForcedCollection() throws IOException, InterruptedException {
        final JsonNode report = explained("--inject-gc");

        assertThat(report.at("/causes/0/cause").asText()).as(report.toString()).isEqualTo("gc");
    }

    @Test
    void namesAStallOfTheWheelsThread() throws IOException, InterruptedException {
        final JsonNode report = explained("--inject-stall", "1500");

        assertThat(report.at("/causes/0/cause").asText()).as(report.toString()).isEqualTo("wheel-lag");
    }

    @Test
    void refusesWhatIsNoRecordingOfARelay() throws IOException {
        final Path file = folder.resolve("text.jfr");
        Files.writeString(file, "no recording");

        final ProgramRun run = ProgramRun.of("explain", file.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("millrace: ").hasLineCount(1);

        final ProgramRun absent =
                ProgramRun.of("explain", folder.resolve("absent.jfr").toString());
        assertThat(absent.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(absent.err()).contains("absent.jfr");
    }
}
