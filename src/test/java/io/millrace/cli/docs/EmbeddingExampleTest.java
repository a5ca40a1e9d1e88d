package io.millrace.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in {@code src/docs} compile, run in a process of their own, and are as short as they claim. */
class EmbeddingExampleTest {
    private static final DocumentedExample RELAY = new DocumentedExample("EmbeddingExample");
    private static final DocumentedExample SESSION = new DocumentedExample("HtxExample");

    @TempDir
    private Path classes;

    @Test
    void relaysItsPackets() throws IOException, InterruptedException {
        assertThat(RELAY.run(classes)).contains("forwarded=500, delivered=500, dropped={}, inFlight=0] conserved=true");
    }

    @Test
    void usesTheEngineInUnderThirtyLines() throws IOException {
        assertThat(RELAY.linesOf("static void relay(")).isLessThan(30);
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
