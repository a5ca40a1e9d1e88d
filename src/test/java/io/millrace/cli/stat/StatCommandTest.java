package io.millrace.cli.stat;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.crypto.SecureRandomness;
import io.millrace.node.Node;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.counters.CountersMirror;
import io.millrace.node.counters.MirrorSource;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.packet.RelayListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stat} before a relay in this process. */
class StatCommandTest {
    private static final int PATIENCE_S = 120;

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();
    private Node node;
    private CountersMirror mirror;

    @BeforeEach
    void startARelay() throws IOException {
        final Path config = folder.resolve("r1.toml");
        Files.writeString(config, """
                [relay]
                name = "r1"
                listen = "127.0.0.1:0"
                key = "r1.key"

                [engine]
                slots = 128
                replay-tags = 1000
                wait = "backoff"
                """);
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            keys.write(folder.resolve("r1.key"), true);
            final var file = ConfigFile.relay(config);
            node = Node.open(file.relay(), keys, file.peers(), file.engine(), RelayListener.NONE);
        }
        node.engine().start();
        mirror = CountersMirror.start(
                folder.resolve("counters"),
                "r1",
                "1",
                new MirrorSource(node.engine(), List.of(), Optional::empty, OptionalDouble::empty, () -> 0),
                notes::add);
    }

    @AfterEach
    void stopTheRelay() {
        mirror.close();
        node.close();
        assertThat(notes).isEmpty();
    }

    @Test
    void showsTheRelayAndEndsWithCode0() throws IOException {
        final ProgramRun text = ProgramRun.of("stat", counters());
        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).startsWith("relay r1  ").contains(" of 128\n").doesNotContain("\u001b");
        assertThat(text.err()).isEmpty();

        final ProgramRun json = ProgramRun.of("stat", "--json", counters());
        assertThat(json.exitCode()).isZero();
        assertThat(json.json().get("life").asText()).isEqualTo("running");
        assertThat(json.json().at("/occupancy/slots/capacity").asInt()).isEqualTo(128);
    }

    @Test
    void bothFormsOfEndlessOutputAreNotOne() {
        final ProgramRun run = ProgramRun.of("stat", "--watch", "--json", counters());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("millrace: --watch shows no JSON").hasLineCount(1);
    }

    @Test
    void watchPrintsBlocksWhereThereIsNoTerminalAndEndsInOrderOnASignal() throws Exception {
        final Process watch = new ProcessBuilder(ProgramRun.commandOf("stat", "--watch", counters())).start();
        try (BufferedReader out = watch.inputReader(StandardCharsets.UTF_8)) {
            for (int block = 0; block < 2; block++) {
                assertThat(out.readLine()).startsWith("relay r1  running  pid ");
                String line = out.readLine();
                while (!line.startsWith("key epoch ")) {
                    assertThat(line).doesNotContain("\u001b");
                    line = out.readLine();
                }
                assertThat(out.readLine()).isEmpty();
            }
            watch.toHandle().destroy();
            assertThat(watch.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(watch.exitValue()).isZero();
        assertThat(new String(watch.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
    }

    @Test
    void watchEndsWhenItsReaderIsGone() throws Exception {
        final Process watch = new ProcessBuilder(ProgramRun.commandOf("stat", "--watch", counters())).start();
        try (BufferedReader out = watch.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).startsWith("relay r1");
        }

        assertThat(watch.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(141); // as other programs whose reader closes the pipe
        assertThat(new String(watch.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
    }

    @Test
    void withoutItsJvmOptionTheProgramNamesIt() throws Exception {
        final List<String> command = new ArrayList<>(ProgramRun.commandOf("stat", counters()));
        command.removeIf(option -> option.startsWith("--add-exports"));

        final ProgramRun run = ProgramRun.ofProcess(new ProcessBuilder(command));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
                .hasLineCount(1);
    }

    private String counters() {
        return folder.resolve("counters").toString();
    }
}
