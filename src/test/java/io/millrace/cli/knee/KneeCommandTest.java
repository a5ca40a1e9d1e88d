package io.millrace.cli.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real thing, small: three processes, a few hundred packets a second. Speeds are not looked at. Each link and each kind of
 * circumstances once; all pairs of them with {@code mvn -Pnight verify}.
 */
class KneeCommandTest {
    private static final boolean ALL_PAIRS = Boolean.getBoolean("millrace.knee.pairs");

    @TempDir
    private Path folder;

    static List<Arguments> circumstances() {
        final List<Arguments> pairs = new ArrayList<>(List.of(arguments("udp", "ordinary"), arguments("tcp", "best")));
        if (ALL_PAIRS) {
            pairs.addAll(List.of(arguments("tcp", "ordinary"), arguments("udp", "best")));
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("circumstances")
    void findsAKneeAndAFloorAndAccountsForEveryPacket(String link, String circumstances) throws IOException {
        final Path out = folder.resolve("out");
        final Path recording = folder.resolve("knee.jfr");
        final List<String> arguments = new ArrayList<>(List.of(
                "knee",
                "--json",
                "--quick",
                "--link",
                link,
                "--packets",
                "1000",
                "--interval",
                "0.5",
                "--first-rate",
                "500",
                "--resolution",
                "50",
                "--replay-tags",
                "2000",
                "--out",
                out.toString()));
        if (circumstances.equals("best")) {
            arguments.addAll(List.of("--best-case", "--cores", "0/0", "--jfr", recording.toString()));
        }
        final ProgramRun run = ProgramRun.of(arguments.toArray(String[]::new));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        final JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(report.get("link").asText()).isEqualTo(link);
        assertThat(report.get("waitMode").asText())
                .as("a name that kept runs have")
                .isEqualTo("backoff");
        assertThat(report.get("circumstances").asText()).isEqualTo(circumstances);
        assertThat(report.get("cores").asText()).isEqualTo(circumstances.equals("best") ? "0/0" : "");
        assertThat(report.get("kneePacketsPerSecond").asDouble()).isPositive();
        assertThat(report.get("halfPointPacketsPerSecond").asDouble()).isPositive();
        assertThat(report.get("lostAt95").asInt()).isZero();
        assertThat(report.get("unexplained").asLong()).isZero();
        assertThat(report.get("packetsPerSecondPerCore").asDouble()).isPositive();
        assertThat(report.get("attackSuccess").asDouble()).isBetween(0.0, 1.0);
        assertThat(report.get("chance").asDouble()).isBetween(0.0, 1.0);
        assertThat(report.get("falseAlarmRate").asDouble()).isLessThan(1e-4);
        assertThat(report.get("floorPacketsPerSecond").asDouble()).isPositive();
        assertThat(report.get("conserved").asBoolean()).isTrue();
        assertLedger(report);
        for (String load : List.of("50", "80", "95")) {
            assertThat(report.at("/percentiles/" + load + "/p9999").asLong()).isPositive();
            assertThat(report.at("/floorPercentiles/" + load + "/p50").asLong()).isPositive();
            assertThat(report.at("/stages/" + load + "/peel/p50").asLong()).isPositive();
            assertThat(report.at("/hiccup/" + load + "/max").asLong()).isPositive();
            assertThat(report.at("/anonymity/" + load + "/effectiveSetMedian").asDouble())
                    .isGreaterThanOrEqualTo(1);
        }
        for (String load : List.of("light", "50", "80", "95")) {
            final JsonNode delays = report.at("/delays/" + load);
            assertThat(delays.get("passed").asBoolean()).as(delays.toString()).isTrue();
            assertThat(delays.get("earlyShare").asDouble()).as(load).isZero();
        }
        for (JsonNode step : report.get("steps")) {
            assertThat(step.get("unaccounted").asLong()).as(step.toString()).isZero();
        }
        for (String file : List.of("loss.png", "latency.png", "stages.png", "time-series.png")) {
            assertThat(Files.size(out.resolve(file))).as(file).isGreaterThan(10_000);
        }
        assertThat(out.resolve("relay-95.hgrm")).content().contains("Percentile");
        if (circumstances.equals("best")) {
            final ProgramRun explained = ProgramRun.of("explain", "--json", recording.toString());
            assertThat(explained.exitCode()).as(explained.err()).isEqualTo(ExitCode.OK);
            assertThat(new JsonMapper().readTree(explained.out()).get("packets").asLong())
                    .isPositive();
        }
    }

    /** Each kind of work was measured; its speed is not looked at. */
    private static void assertLedger(JsonNode report) {
        final JsonNode work = report.at("/ledger/workNs");
        for (String kind : List.of("receive", "send", "x25519", "blake2b", "chacha20", "chacha20poly1305", "engine")) {
            assertThat(work.path(kind).asLong()).as(kind).isPositive();
        }
        assertThat(work.has("journal"))
                .isEqualTo(report.get("circumstances").asText().equals("ordinary"));
        assertThat(report.get("ioNsPerPacket").asLong())
                .isEqualTo(work.get("receive").asLong() + work.get("send").asLong());
        assertThat(report.get("floorIoNsPerPacket").asLong()).isPositive();
        assertThat(report.at("/ledger/relayNs").asLong()).isPositive();
        assertThat(report.at("/ledger/generatorNs").asLong()).isPositive();
        assertThat(report.at("/ledger/busy/millrace-relay").asDouble()).isBetween(0.001, 1.1);
        assertThat(report.at("/ledger/busy/processors").asDouble()).isPositive();
        assertThat(report.at("/ledger/framesPerReceive").asDouble()).isBetween(1.0, 256.0);
        assertThat(report.at("/ledger/framesPerSend").asDouble()).isBetween(1.0, 64.0);
        assertThat(report.get("boundPacketsPerSecond").asDouble())
                .isGreaterThan(report.get("kneePacketsPerSecond").asDouble());
        assertThat(report.get("boundShare").asDouble()).isBetween(0.0, 1.0);
        assertThat(report.get("limitedBy").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--interval,0",
        "--packets,5",
        "--threading,many",
        "--delay,sometimes",
        "--policy,mine",
        "--batch,0",
        "--link,sctp",
        "--confirm,0",
        "--replay-tags,5",
        "--cores,0",
        "--cores,0/a",
        "--cores,1-0/0",
        "--cores,0/999",
        "--mutant,polite",
        "--mutant,tick-order"
    })
    void refusesWhatItCannotMeasure(String option, String value) {
        final ProgramRun run = ProgramRun.of("knee", option, value, "--out", folder.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(option);
    }
}
