package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.node.Node;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.RelayFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.packet.RelayListener;
import io.millrace.rig.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code send} and {@code receive} over three relays' engines, all in this process and over UDP. */
class InProcessNetworkTest {
    @TempDir
    private Path folder;

    private final List<Node> relays = new ArrayList<>();
    private Path received;

    @BeforeEach
    void startRelays() throws IOException {
        received = Files.createDirectory(folder.resolve("received"));
        DemoFiles.write(folder, "uniform(0ns,1ms)", "udp", FreePorts.find(DemoFiles.count()));
        for (String name : DemoFiles.RELAYS) {
            final RelayFile file = ConfigFile.relay(DemoFiles.config(folder, name));
            try (KeyFile keys = KeyFile.read(file.relay().key())) {
                final Node node = Node.open(file.relay(), keys, file.peers(), file.engine(), RelayListener.NONE);
                relays.add(node);
                node.engine().start();
            }
        }
    }

    @AfterEach
    void stopRelays() {
        relays.forEach(Node::close);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 975, 976, 977, 100_000})
    void movesAFile(int length) throws Exception {
        final Path file = file(length);
        final CompletableFuture<ProgramRun> receiver = receiver();

        final ProgramRun sent = send(file, "r1,r2,r3");

        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(sent.json().get("bytes").asInt()).isEqualTo(length);
        final ProgramRun run = receiver.get(3, TimeUnit.MINUTES);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("files")).singleElement().satisfies(result -> {
            assertThat(result.get("bytes").asInt()).isEqualTo(length);
            assertThat(result.get("sha256").asText()).isEqualTo(FileHash.sha256(file));
        });
        assertThat(received.resolve("file.bin")).hasSameBinaryContentAs(file);
        assertThat(relays).allSatisfy(relay -> {
            assertThat(relay.engine().counters().forwarded()).isPositive();
            assertThat(relay.engine().counters().conserved()).isTrue();
        });
    }

    @Test
    void saysAtBothEndsThatANameIsTaken() throws Exception {
        Files.writeString(received.resolve("file.bin"), "mine");
        final CompletableFuture<ProgramRun> receiver = receiver();

        final ProgramRun refused = send(file(1000), "r1,r2,r3");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("file.bin was not sent: the receiver refused: a file of that name is there already");
        final ProgramRun run = receiver.get(3, TimeUnit.MINUTES);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("file.bin was not received: refused: ");
        assertThat(received.resolve("file.bin")).hasContent("mine");
    }

    @Test
    void failsWhenNobodyReceives() throws IOException {
        final ProgramRun run = send(file(1000), "r1,r2,r3", "--patience", "2");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .endsWith(
                        "file.bin was not sent: no answer from the receiver for 2 s: are the receiver and every relay of both"
                                + " ways up?\n");
        assertThat(run.json().get("failure").asText()).startsWith("no answer");
    }

    @Test
    void refusesRoutesThatCannotBe() throws IOException {
        final Path file = file(1);

        final Path config = DemoFiles.config(folder, DemoFiles.SENDER);

        assertUsage(send(file, "r1,nobody"), config + ": not known here: name=nobody, known=");
        assertUsage(
                send(file, "r2,r3"),
                config
                        + ": a route must begin with a [[peer]], to which there is a link, not with a [[node]]:"
                        + " route=r2,r3");
        assertUsage(send(folder.resolve("none"), "r1"), "no such file: ");
        assertUsage(send(file, "r1", "--patience", "0"), "must be 2 to 86400 seconds: --patience=0");
    }

    private ProgramRun send(Path file, String route, String... more) {
        final List<String> arguments = new ArrayList<>(List.of(
                "send",
                "--json",
                "--config",
                DemoFiles.config(folder, DemoFiles.SENDER).toString(),
                "--to",
                DemoFiles.RECEIVER,
                "--route",
                route,
                file.toString()));
        arguments.addAll(List.of(more));
        return ProgramRun.of(arguments.toArray(String[]::new));
    }

    private CompletableFuture<ProgramRun> receiver() {
        final String config = DemoFiles.config(folder, DemoFiles.RECEIVER).toString();
        return CompletableFuture.supplyAsync(
                () -> ProgramRun.of("receive", "--json", "--once", "--config", config, "--out", received.toString()),
                task -> Thread.ofPlatform().daemon().start(task));
    }

    private Path file(int length) throws IOException {
        final byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return Files.write(folder.resolve("file.bin"), content);
    }

    private static void assertUsage(ProgramRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("millrace: " + message).hasLineCount(1);
    }
}
