package io.millrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The real thing, short. How well it scales is not judged: the machine has other work. */
class CoresCommandTest {
    @Test
    void measuresBothWaysOnEveryCountOfProcessors() throws IOException {
        final ProgramRun run =
                ProgramRun.of("bench", "cores", "--json", "--seconds", "1", "--packets", "256", "--provider", "sodium");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        final JsonNode report = run.json();
        assertThat(report.get("conserved").asBoolean()).isTrue();
        assertThat(report.get("verified").asLong()).isPositive();
        assertThat(report.get("wrong").asLong()).isZero();
        for (String way : new String[] {"engines", "oneEngine"}) {
            final JsonNode rows = report.get(way);
            assertThat(rows.get(0).get("processors").asInt()).isEqualTo(1);
            assertThat(rows.get(0).get("times").asDouble()).isEqualTo(1);
            rows.forEach(row -> {
                assertThat(row.get("packetsPerSecond").asDouble()).isPositive();
                assertThat(row.get("nsPerPacket").asDouble())
                        .as("a packet has two multiplications of libsodium")
                        .isGreaterThan(20_000);
            });
        }
        assertThat(report.at("/threads/peelNs").asDouble())
                .as("peeling costs more than the rest")
                .isGreaterThan(report.at("/threads/gateNs").asDouble());
    }

    @Test
    void usesNoMoreProcessorsThanAskedFor() {
        final ProgramRun run = ProgramRun.of(
                "bench", "cores", "--most", "1", "--seconds", "1", "--packets", "256", "--provider", "sodium");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("processors (model)").contains("Model, not measured");
        assertThat(run.out().lines().filter(line -> line.matches("\\s*2 \\|.*")))
                .isEmpty();
    }

    @Test
    void refusesNonsense() {
        final ProgramRun run = ProgramRun.of("bench", "cores", "--most", "0");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--most must be 1 to 1024: most=0");
    }
}
