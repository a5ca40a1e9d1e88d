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
        "--htx-flood=19, --htx-flood must be 20 to 60000: htx-flood=19",
        "--mutant=polite, --mutant=polite: must be one of no-delay",
        "--mutant=tick-order, --mutant=tick-order: tick-order is for engine tests",
        "--replay=often, '--replay=often: must be none, exact or journalled'",
        "--only=links, --only is read only with --matrix"
    })
    void refusesWhatItCannotMeasure(String option, String message) {
        final ProgramRun run = ProgramRun.of("bench", option);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message).hasLineCount(1);
    }
}
