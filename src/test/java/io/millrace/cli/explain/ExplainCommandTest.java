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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real program is made late for a known reason, and names it. How late a busy machine makes packets besides, and so
 * which cause comes first, is not judged here: {@code ExplanationTest} ranks causes of made-up recordings. The half of the
 * packets that are later than the median is looked at, so that no other lateness hides the injected one.
 */
class ExplainCommandTest {
    private static final int STALL_MS = 1_500;

    /** Less than the shortest pause in which five million objects are marked and moved. */
    private static final long PAUSE_NS = 1_000_000;

    @TempDir
    private Path folder;

    private JsonNode explained(String... injected) throws IOException, InterruptedException {
        final Path file = folder.resolve("run.jfr");
        final List<String> arguments = new ArrayList<>(
                List.of("bench", "--seconds", "4", "--packets", "8192", "--json", "--jfr", file.toString()));
        arguments.addAll(List.of(injected));
        final ProgramRun bench = ProgramRun.inChild(arguments.toArray(String[]::new));
        // FAILED: a relay that is kept from its processors so long that its delays cannot be told; not judged here.
        assertThat(bench.exitCode()).as(bench.err() + bench.out()).isIn(ExitCode.OK, ExitCode.FAILED);

        final ProgramRun run = ProgramRun.of("explain", file.toString(), "--json", "--beyond", "50");
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

    /** Lateness that a cause accounts for; 0 if it is not named. */
    private static long totalNs(JsonNode report, String cause) {
        for (JsonNode share : report.get("causes")) {
            if (share.get("cause").asText().equals(cause)) {
                return share.get("totalNs").asLong();
            }
        }
        return 0;
    }

    @Test
    void namesAForcedCollection() throws IOException, InterruptedException {
        final JsonNode report = explained("--inject-gc");

        assertThat(totalNs(report, "gc")).as(report.toString()).isGreaterThan(PAUSE_NS);
        assertThat(report.at("/events/gc").asInt()).as(report.toString()).isPositive();
    }

    @Test
    void namesAStallOfTheWheelsThread() throws IOException, InterruptedException {
        final JsonNode report = explained("--inject-stall", Integer.toString(STALL_MS));

        assertThat(totalNs(report, "wheel-lag"))
                .as(report.toString())
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(STALL_MS));
    }

    @Test
    void refusesAPercentileOutOfRange() {
        for (String wrong : List.of("-1", "100", "NaN")) {
            final ProgramRun run = ProgramRun.of("explain", "absent.jfr", "--beyond", wrong);
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("--beyond must be 0 to 99.999");
        }
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
