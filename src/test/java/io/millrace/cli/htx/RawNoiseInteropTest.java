package io.millrace.cli.htx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.ProgramRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Live handshakes and echoes in both roles against other implementations, and against itself. */
class RawNoiseInteropTest {
    private static final String PROLOGUE = "0050726f6c6f677565ff";
    private static final String ALL_FOUR = "4";

    @TempDir
    private Path folder;

    /** The end of the test JVM would wait 30 s for each of them. */
    @AfterAll
    static void noCommandRunsOn() throws ReflectiveOperationException {
        assertThat(OpenCommands.count()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void answersAProgramOfAnotherImplementation(Counterpart counterpart) throws Exception {
        final List<String> command = command(counterpart);
        final RawNoiseRun server = new RawNoiseRun("--prologue-hex", PROLOGUE);
        final Process peer = start(command, "initiate", PROLOGUE, String.valueOf(server.port), server.publicKey);
        final List<String> lines;
        try (BufferedReader out = peer.inputReader()) {
            lines = out.lines().toList();
        }
        assertThat(lines).hasSize(2);
        assertThat(server.exitCode()).isZero();
        assertThat(server.out()).startsWith("handshake hash " + lines.get(0) + ", peer ");
        assertThat(lines.get(1)).isEqualTo(ALL_FOUR);
    }

    @ParameterizedTest
    @EnumSource
    void beginsWithAProgramOfAnotherImplementation(Counterpart counterpart) throws Exception {
        final Process peer = start(command(counterpart), "respond", PROLOGUE);
        try (BufferedReader out = peer.inputReader()) {
            final String[] portAndKey = out.readLine().split(" ", -1);
            final ProgramRun run = connect(Integer.parseInt(portAndKey[0]), portAndKey[1], "--prologue-hex", PROLOGUE);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.json().path("handshakeHash").asText()).isEqualTo(out.readLine());
            assertThat(run.json().path("equal").asText()).isEqualTo(ALL_FOUR);
        } finally {
            peer.destroy();
        }
    }

    @Test
    void answersNoiseJava() throws Exception {
        final RawNoiseRun server = new RawNoiseRun("--prologue-hex", PROLOGUE);
        final NoiseJavaPeer.Outcome outcome = NoiseJavaPeer.initiate(PROLOGUE, server.port, server.publicKey);
        assertThat(server.exitCode()).isZero();
        assertThat(server.out()).startsWith("handshake hash " + outcome.handshakeHash() + ", peer ");
        assertThat(outcome.equal()).isEqualTo(4);
    }

    @Test
    void beginsWithNoiseJava() throws Exception {
        try (NoiseJavaPeer peer = new NoiseJavaPeer(PROLOGUE)) {
            final ProgramRun run = connect(peer.port(), peer.publicKey(), "--prologue-hex", PROLOGUE);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.json().path("handshakeHash").asText()).isEqualTo(peer.handshakeHash());
            assertThat(run.json().path("equal").asText()).isEqualTo(ALL_FOUR);
        }
    }

    @Test
    void bothEndsOfThisProgramAgree() throws IOException {
        final RawNoiseRun server = new RawNoiseRun("--prologue", "text");
        final ProgramRun run = connect(server.port, server.publicKey, "--prologue", "text");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(server.exitCode()).isZero();
        assertThat(server.out())
                .startsWith("handshake hash " + run.json().path("handshakeHash").asText());
    }

    @Test
    void anotherPrologueIsRefusedByBoth() throws IOException {
        final RawNoiseRun server = new RawNoiseRun("--prologue", "one");
        final ProgramRun run = connect(server.port, server.publicKey, "--prologue", "other");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the peer closed the connection during the handshake");
        assertThat(server.exitCode()).isEqualTo(1);
    }

    @Test
    void wrongUsageIsNamed() {
        assertThat(ProgramRun.of("htx").err()).contains("no command given");
        assertThat(ProgramRun.of("htx", "serve", "--raw-noise", "--listen", "nowhere")
                        .err())
                .contains("must be host:port");
        assertThat(connect(1, "00", "--prologue", "x").err()).contains("32 bytes in hex");
        assertThat(ProgramRun.of("htx", "serve", "--raw-noise", "--prologue", "a", "--prologue-hex", "00")
                        .err())
                .contains("exclude each other");
        assertThat(connect(1, "00".repeat(32), "--echo", "65520").err()).contains("0 to 65519");
    }

    private static ProgramRun connect(int port, String publicKey, String... moreArgs) {
        final List<String> args = new ArrayList<>(
                List.of("htx", "connect", "--raw-noise", "127.0.0.1:" + port, "--peer", publicKey, "--json"));
        args.addAll(List.of(moreArgs));
        return ProgramRun.of(args.toArray(String[]::new));
    }

    /** Ends the test where it is not installed: before a server runs that none would end. */
    private List<String> command(Counterpart counterpart) {
        final List<String> command = counterpart.command(folder);
        assumeTrue(command != null, "not installed: " + counterpart.packages());
        return command;
    }

    private static Process start(List<String> command, String... args) throws IOException {
        final List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(args));
        return new ProcessBuilder(whole)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
