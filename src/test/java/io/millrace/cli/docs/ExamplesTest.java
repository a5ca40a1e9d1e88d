package io.millrace.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples in {@code src/docs/examples} compile and run: on a plain class path of the engine's artifacts and their
 * dependencies alone, without a JVM flag, each in a separate process.
 */
class ExamplesTest {
    private static final DocumentedExample PACKETS = new DocumentedExample("PacketsExample");
    private static final DocumentedExample SOCKETS = new DocumentedExample("NettyExample", "netty-");
    private static final DocumentedExample NODE = new DocumentedExample("NodeExample", "jackson-", "prometheus-");
    private static final DocumentedExample SESSION = new DocumentedExample("HtxExample");

    @TempDir
    private Path classes;

    @Test
    void relaysPacketsOfTheApplication() throws IOException, InterruptedException {
        assertThat(PACKETS.run(classes))
                .isEqualToIgnoringNewLines("EngineCounters[received=1000, originated=0, forwarded=500, delivered=500, "
                        + "dropped={}, inFlight=0]");
    }

    @Test
    void relaysItsPacketsInAtMostFortyLines() throws IOException {
        assertThat(PACKETS.linesOf("static void main(")).isLessThanOrEqualTo(40);
    }

    @Test
    void relaysBetweenSocketsOfANettyPipeline() throws IOException, InterruptedException {
        assertThat(SOCKETS.run(classes)).startsWith("forwarded=100 ").contains("dropped={}");
    }

    @Test
    void runsARelayFromATomlFile() throws IOException, InterruptedException {
        assertThat(NODE.run(classes)).contains("RUNNING EngineCounters[").contains("inFlight=0]");
    }

    @Test
    void asksAndIsAnsweredOverASession() throws IOException, InterruptedException {
        assertThat(SESSION.run(classes)).isEqualToIgnoringNewLines("hello, world");
    }

    @Test
    void opensASessionAndAStreamInUnderTwentyLines() throws IOException {
        assertThat(SESSION.linesOf("static String ask(")).isLessThan(20);
    }
}
