package io.millrace.cli.knee;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real thing, small: three processes, a few hundred packets a second. What it says of speed is not looked at. */
class KneeCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void findsAKneeAndAFloorAndAccountsForEveryPacket(String link) throws IOException {
        final Path out = folder.resolve("out");
        final ProgramRun run = ProgramRun.of(
                "knee",
                "--json",
                "--link",
                link,
                "--packets",
                "1000",
                "--interval",
                "0.2",
                "--first-rate",
                "500",
                "--resolution",
                "50",
                "--out",
                out.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        final JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(report.get("link").asText()).isEqualTo(link);
        assertThat(report.get("kneePacketsPerSecond").asDouble()).isPositive();
        assertThat(report.get("floorPacketsPerSecond").asDouble()).isPositive();
        assertThat(report.get("conserved").asBoolean()).isTrue();
        for (String load : List.of("50", "80", "95")) {
            assertThat(report.at("/percentiles/" + load + "/p9999").asLong()).isPositive();
            assertThat(report.at("/floorPercentiles/" + load + "/p50").asLong()).isPositive();
            assertThat(report.at("/stages/" + load + "/peel/p50").asLong()).isPositive();
            assertThat(report.at("/hiccup/" + load + "/max").asLong()).isPositive();
            assertThat(report.at("/anonymity/" + load + "/effectiveSetMedian").asDouble())
                    .isGreaterThanOrEqualTo(1);
            assertThat(report.at("/delays/" + load + "/drawnPValue").asDouble()).isGreaterThan(0.001);
        }
        for (JsonNode step : report.get("steps")) {
            assertThat(step.get("unaccounted").asLong()).as(step.toString()).isZero();
        }
        for (String file : List.of("loss.png", "latency.png", "stages.png", "time-series.png")) {
            assertThat(Files.size(out.resolve(file))).as(file).isGreaterThan(10_000);
        }
        assertThat(out.resolve("relay-95.hgrm")).content().contains("Percentile");
    }

    @ParameterizedTest
    @CsvSource({
        "--interval,0",
        "--packets,5",
        "--threading,many",
        "--delay,sometimes",
        "--policy,mine",
        "--batch,0",
        "--link,sctp"
    })
    void refusesWhatItCannotMeasure(String option, String value) {
        final ProgramRun run = ProgramRun.of("knee", option, value, "--out", folder.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(option);
    }
}
