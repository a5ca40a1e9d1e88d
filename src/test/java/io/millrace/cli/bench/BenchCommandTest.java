package io.millrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
    /** What other programs read, and kept runs hold: a name that goes is a break, and one that comes is added here. */
    private static final List<String> FIELDS = List.of(
            "circumstances",
            "neighbours",
            "mutant",
            "provider",
            "kernels",
            "profile",
            "threading",
            "policy",
            "delay",
            "inside",
            "replay",
            "seconds",
            "packets",
            "forwarded",
            "delivered",
            "dropped",
            "inFlight",
            "conserved",
            "packetsPerSecond",
            "packetsPerSecondPerCore",
            "cpuNsPerPacket",
            "threadNsPerPacket",
            "stateNsPerPacket",
            "cryptoNsPerPacket",
            "delayDrawNsPerPacket",
            "frameworkNsPerPacket",
            "ladderNs",
            "ladderSamples",
            "hopLadders",
            "allocatedBytesPerPacket",
            "engineThreads",
            "stages",
            "delayErrorNs",
            "passes",
            "distinctPackets",
            "prepareSeconds",
            "verified",
            "wrong",
            "attackSuccess",
            "chance",
            "falseAlarmRate",
            "judgement",
            "judgedTimes",
            "jdk",
            "cpu",
            "libsodium");

    @Test
    void sendsRealPacketsAndAccountsForEach() throws IOException {
        final ProgramRun run = ProgramRun.of(
                "bench", "--seconds", "1", "--packets", "256", "--inside", "64", "--provider", "sodium", "--json");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        final JsonNode report = run.json();
        final List<String> names = new ArrayList<>();
        report.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactlyElementsOf(FIELDS);
        assertThat(report.get("circumstances").asText()).isEqualTo("ordinary");
        assertThat(report.get("neighbours").asInt()).isEqualTo(16);
        assertThat(report.get("replay").asText()).isEqualTo("journalled");
        assertThat(report.at("/judgement/delays/earlyShare").asDouble()).isZero();
        assertThat(report.at("/judgement/delays/packets").asInt()).isEqualTo(256);
        assertThat(report.get("provider").asText()).isEqualTo("sodium");
        assertThat(report.get("distinctPackets").asInt()).isEqualTo(256);
        assertThat(report.get("conserved").asBoolean()).isTrue();
        assertThat(report.get("wrong").asLong()).isZero();
        assertThat(report.get("dropped").isEmpty()).isTrue();
        final long ended =
                report.get("forwarded").asLong() + report.get("delivered").asLong();
        assertThat(ended).isPositive();
        assertThat(report.get("packets").asLong())
                .isEqualTo(ended + report.get("inFlight").asLong());
        assertThat(report.get("cryptoNsPerPacket").get("x25519").asDouble()).isPositive();
        assertThat(report.get("stages").get("peel").get("p50").asLong()).isPositive();
    }

    /** The other ways to cheat are in {@code DepartureRunTest}. */
    @Test
    void aRelayThatDoesNotDelayFails() throws IOException {
        final ProgramRun run = ProgramRun.of(
                "bench",
                "--seconds",
                "1",
                "--packets",
                "2048",
                "--inside",
                "64",
                "--delay",
                "exponential(100ms,500ms)",
                "--mutant",
                "no-delay",
                "--json");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.json().get("mutant").asText()).isEqualTo("no-delay");
        assertThat(run.json().at("/judgement/delays/passed").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "--seconds=0, --seconds must be 1 to 86400: seconds=0",
        "--inside=0, --inside must be 1 to 12288: inside=0",
        "--inside=12289, --inside must be 1 to 12288: inside=12289",
        "--packets=63, --packets must be 64 to 4000000: packets=63",
        "--mutant=polite, --mutant=polite: must be one of no-delay",
        "--mutant=tick-order, --mutant=tick-order: tick-order is for engine tests",
        "--replay=often, '--replay=often: must be none, exact or journalled'",
        "--only=links, unknown option: --only=links"
    })
    void refusesWhatItCannotMeasure(String option, String message) {
        final ProgramRun run = ProgramRun.of("bench", option);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "flood --attackers=19, --attackers must be 20 to 60000: attackers=19",
        "flood --attacks=politeness, --attacks: politeness must be one of",
        "flood --attackers 20 --attacks, --attackers and --attacks exclude each other",
        "matrix --jfr x, unknown option: --jfr",
        "twin --seconds 1, unknown option: --seconds",
        "twin --largest 999, --largest must be 1000 to 10000000: largest=999",
        "twin --largest 10000001, --largest must be 1000 to 10000000: largest=10000001",
        "htx --inside 1, unknown option: --inside",
        "matirx, unknown command: matirx; did you mean matrix",
        "htx --provder sodium, unknown option: --provder; did you mean --provider"
    })
    void refusesOptionsOfAnotherMeasurement(String words, String message) {
        final List<String> line = new ArrayList<>(List.of("bench"));
        line.addAll(List.of(words.split(" ")));

        final ProgramRun run = ProgramRun.of(line.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(message).hasLineCount(1);
    }

    /** Options that chose a measurement in earlier releases still do, and name their successor; values of 0 end the run. */
    @ParameterizedTest
    @CsvSource({
        "--htx --seconds 0, bench --htx is now: bench htx, --seconds must be",
        "--seconds 0 --matrix --receipts batch, bench --matrix is now: bench matrix, --seconds must be",
        "--htx-flood=0, bench --htx-flood is now: bench flood --attackers, --attackers must be 20 to 60000: attackers=0",
        "--htx-flood --seconds 0, bench --htx-flood is now: bench flood --attackers, --seconds must be",
        "--htx-attacks none --seconds 1, bench --htx-attacks is now: bench flood --attacks, --attacks: none must be one of",
        "--receipts single --seconds 0, bench --receipts is now: bench receipts --sign, --seconds must be",
        "--twin --seconds 0, bench --twin is now: bench twin, unknown option: --seconds"
    })
    void takesTheFormerOptionsAndNamesTheirSuccessors(String words, String hint, String refusal) {
        final List<String> line = new ArrayList<>(List.of("bench"));
        line.addAll(List.of(words.split(" ")));

        final ProgramRun run = ProgramRun.of(line.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().toList()).hasSize(2);
        assertThat(run.err()).startsWith(hint).contains("millrace: " + refusal);
    }
}
