package io.millrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HtxBenchTest {
    @Test
    void printsHandshakesPerSecondAndTheirProcessorTime() throws IOException {
        final ProgramRun run = ProgramRun.of("bench", "htx", "--seconds", "1", "--provider", "sodium", "--json");

        final JsonNode report = run.json(); // the exit code depends on how busy the machine is
        final double bothNs = report.get("handshakeCpuNs").asDouble();
        assertThat(report.get("handshakesPerSecondPerCore").asDouble() * bothNs).isCloseTo(1e9, within(1e3));
        assertThat(report.get("handshakeResponderCpuNs").asDouble())
                .as("a part of both ends")
                .isPositive()
                .isLessThan(bothNs);
        assertThat(report.get("handshakeKemCpuNs").asDouble())
                .as("a part of the handshake")
                .isPositive()
                .isLessThan(bothNs);
        assertThat(report.get("tcpHandshakesPerSecond").asDouble()).isPositive();
        assertThat(report.get("tcpHandshakeCpuNs").asDouble())
                .as("a handshake, and connections")
                .isGreaterThan(bothNs);
        assertThat(report.get("aeadRatio").asDouble()).isPositive();
    }
}
