package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.rig.process.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network of real processes over real sockets, one of which is killed in the middle of a transfer and comes back. */
class RelayRestartTest {
    private static final int LENGTH = 400_000;

    @TempDir
    private Path folder;

    private DemoNodes nodes;

    @BeforeEach
    void open() {
        nodes = new DemoNodes(folder);
    }

    @AfterEach
    void killAll() {
        nodes.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aRelayThatIsKilledAndComesBackCostsTimeAndNothingElse(String link) throws Exception {
        DemoFiles.write(folder, "uniform(0ns,5ms)", link, FreePorts.find(DemoFiles.count()));
        final Path received = Files.createDirectory(folder.resolve("received"));
        final Path file = Files.write(folder.resolve("file.bin"), content());
        for (String relay : DemoFiles.RELAYS) {
            nodes.startReady(relay, "relay", "--json");
        }
        nodes.startReady(
                DemoFiles.RECEIVER, "receive", "--json", "--once", "--patience", "100", "--out", received.toString());
        nodes.start(
                DemoFiles.SENDER,
                "send",
                "--json",
                "--progress",
                "LINES",
                "--patience",
                "100",
                "--to",
                DemoFiles.RECEIVER,
                "--route",
                String.join(",", DemoFiles.RELAYS),
                file.toString());
        nodes.await(DemoFiles.SENDER, line -> line.matches("progress: [1-9][0-9]* of .*"));

        nodes.child("r2").kill();
        nodes.start("r2", "relay", "--json");

        assertThat(nodes.awaitExit(DemoFiles.SENDER)).isZero();
        assertThat(received.resolve("file.bin")).hasSameBinaryContentAs(file);
        final ProgramRun run = nodes.stop("r1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.json().get("conserved").asBoolean()).isTrue();
        assertThat(run.json().get("links").get(1).get("finished").asInt())
                .as("sessions of r1 with r2")
                .isGreaterThanOrEqualTo(2);
    }

    private static byte[] content() {
        final byte[] content = new byte[LENGTH];
        new Random(LENGTH).nextBytes(content);
        return content;
    }
}
