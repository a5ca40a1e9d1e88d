package io.millrace.cli.htx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.ProgramRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code htx serve} and {@code htx connect} in two processes. */
@Timeout(300)
class HtxTransferTest {
    private static final Pattern LISTENING = Pattern.compile("listening at (\\S+) with public key (\\p{XDigit}{64})");

    @TempDir
    private Path folder;

    @Test
    void movesAFileAndShowsTheSameHashesAtBothEnds() throws IOException, InterruptedException {
        final Path in = folder.resolve("in");
        // The name is long enough that nothing fits before or behind it.
        final Path out = folder.resolve("o".repeat(255));
        final byte[] bytes = new byte[8_000_000];
        new Random(1).nextBytes(bytes);
        Files.write(in, bytes);

        final Served server = Served.start("--file", out.toString(), "--json");
        final ProgramRun client = ProgramRun.inChild(
                "htx", "connect", server.address, "--peer", server.publicKey, "--file", in.toString(), "--json");
        final String served = server.end();

        assertThat(client.exitCode()).as(client.err()).isZero();
        assertThat(Files.mismatch(in, out)).isEqualTo(-1);
        final JsonNode sent = client.json();
        final JsonNode received =
                new JsonMapper().readTree(served).get("sessions").get(0);
        assertThat(sent.get("verified").asBoolean()).isTrue();
        assertThat(sent.get("sha256")).isEqualTo(received.get("sha256"));
        assertThat(sent.get("handshakeHash")).isEqualTo(received.get("handshakeHash"));
        assertThat(sent.get("end").asText()).isEqualTo("closed");
        assertThat(received.get("session").get("peakBufferedBytes").asLong()).isLessThanOrEqualTo(8 << 20);
    }

    @Test
    void joinsStandardInputAndOutputOfTheTwoEnds() throws IOException, InterruptedException {
        final Served server = Served.start();
        server.say("from the server\n");
        final Process client = new ProcessBuilder(
                        ProgramRun.commandOf("htx", "connect", server.address, "--peer", server.publicKey))
                .start();
        try (OutputStream input = client.getOutputStream()) {
            input.write("from the client\n".getBytes(StandardCharsets.UTF_8));
        }
        final String atClient = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(client.waitFor()).isZero();
        assertThat(atClient).isEqualTo("from the server\n");
        assertThat(server.end()).isEqualTo("from the client\n");
    }

    @Test
    void anAddressThatIsPrintedCanBeGivenBack() throws IOException, InterruptedException {
        assumeTrue(hasIpv6(), "this machine has IPv6");
        final Path in = Files.write(folder.resolve("in"), new byte[1_000]);
        final Path out = folder.resolve("out");
        final Served server = Served.start("--listen", "[::1]:0", "--file", out.toString());

        final ProgramRun client = ProgramRun.inChild(
                "htx", "connect", server.address, "--peer", server.publicKey, "--file", in.toString());

        assertThat(client.exitCode()).as(client.err()).isZero();
        server.end();
    }

    @Test
    void sendsNoFileOfTheProgramForAClosedStandardInput() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // A server that did not refuse would end as well: its address is taken.
            final String at = "127.0.0.1:" + taken.getLocalPort();
            for (String closed : List.of("<&-", "0>/dev/null")) {
                for (List<String> program : List.of(
                        ProgramRun.commandOf("htx", "connect", "127.0.0.1:9", "--peer", "ab".repeat(32)),
                        ProgramRun.commandOf("htx", "serve", "--listen", at))) {
                    final List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" " + closed, "sh"));
                    command.addAll(program);

                    final ProgramRun run = ProgramRun.ofProcess(new ProcessBuilder(command));

                    assertThat(run.exitCode()).as(closed).isEqualTo(2);
                    assertThat(run.err())
                            .as(closed)
                            .contains("standard input is closed")
                            .hasLineCount(1);
                }
            }
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void opensTheDoorToTheTicketOfAFileAndToNoOther() throws IOException, InterruptedException {
        final String secret = folder.resolve("ticket").toString();
        assertThat(ProgramRun.inChild("keygen", "--psk", secret).exitCode()).isZero();
        final Path in = Files.write(folder.resolve("in"), new byte[1_000]);
        final Path out = folder.resolve("out");
        final Served server = Served.start("--file", out.toString(), "--ticket", secret);
        final String[] connect = {"htx", "connect", server.address, "--peer", server.publicKey, "--file", in.toString()
        };

        final ProgramRun stranger = ProgramRun.inChild(connect);
        assertThat(stranger.exitCode()).isNotZero();
        assertThat(stranger.err()).contains("closed the connection in the handshake");
        assertThat(out).doesNotExist();

        final ProgramRun guest = ProgramRun.inChild(
                Stream.concat(Stream.of(connect), Stream.of("--ticket", secret)).toArray(String[]::new));
        assertThat(guest.exitCode()).as(guest.err()).isZero();
        server.end();
        assertThat(Files.mismatch(in, out)).isEqualTo(-1);
    }

    @Test
    void opensTheDoorToTheOwnersOfKeysThatItKnows() throws IOException, InterruptedException {
        final String key = folder.resolve("client.key").toString();
        final ProgramRun keygen = ProgramRun.inChild("keygen", key, "--json");
        final String linkKey = keygen.json().get("linkKey").asText();
        final Path in = Files.write(folder.resolve("in"), new byte[1_000]);
        final Path out = folder.resolve("out");
        final Served server = Served.start(
                "--file", out.toString(), "--ticket", "pairwise", "--peer", linkKey.toUpperCase(Locale.ROOT));

        final ProgramRun guest = ProgramRun.inChild(
                "htx",
                "connect",
                server.address,
                "--peer",
                server.publicKey.toUpperCase(Locale.ROOT),
                "--file",
                in.toString(),
                "--key",
                key,
                "--ticket",
                "pairwise");
        assertThat(guest.exitCode()).as(guest.err()).isZero();
        server.end();
        assertThat(Files.mismatch(in, out)).isEqualTo(-1);

        final ProgramRun aimless = ProgramRun.inChild("htx", "serve", "--ticket", "pairwise");
        assertThat(aimless.exitCode()).isEqualTo(2);
        assertThat(aimless.err()).contains("--ticket=pairwise needs --peer");
    }

    @Test
    void forwardsToTheTargetsThatAreAllowedAndToNoOther() throws IOException, InterruptedException {
        try (ServerSocket target = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                ServerSocket forbidden = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> echo(target));
            final Served server = Served.start("--allow", "127.0.0.1:" + target.getLocalPort());
            final Process client = new ProcessBuilder(ProgramRun.commandOf(
                            "htx",
                            "connect",
                            server.address,
                            "--peer",
                            server.publicKey,
                            "-L",
                            "0:127.0.0.1:" + target.getLocalPort(),
                            "-L",
                            "0:127.0.0.1:" + forbidden.getLocalPort()))
                    .start();
            try (BufferedReader lines = client.errorReader()) {
                final List<Integer> ports = new ArrayList<>();
                while (ports.size() < 2) {
                    final Matcher matcher =
                            Pattern.compile("forwarding 127.0.0.1:(\\d+) to").matcher(lines.readLine());
                    if (matcher.find()) {
                        ports.add(Integer.parseInt(matcher.group(1)));
                    }
                }
                assertThat(exchange(ports.get(0), "through the tunnel")).isEqualTo("through the tunnel");
                assertThatThrownBy(() -> exchange(ports.get(1), "nowhere")).isInstanceOf(SocketException.class);
                assertThat(lines.readLine()).contains("does not connect to 127.0.0.1:" + forbidden.getLocalPort());
            } finally {
                client.destroy();
                client.waitFor();
                server.stop();
            }
        }
    }

    @Test
    void leavesNoFileWhenTheTransferBreaks() throws IOException, InterruptedException {
        final Path out = folder.resolve("out");
        final Served server = Served.start("--file", out.toString(), "--json");
        final Process client = new ProcessBuilder(ProgramRun.commandOf(
                        "htx", "connect", server.address, "--peer", server.publicKey, "--file", "/dev/zero"))
                .start();
        while (written() == 0) {
            Thread.onSpinWait();
        }
        assertThat(out).doesNotExist();
        client.destroyForcibly().waitFor();

        assertThat(server.process.waitFor()).isNotZero();
        assertThat(folder).isEmptyDirectory();
    }

    private long written() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void reportsWhatForwardedStreamsCarriedAfterTheSessionHadEnded() throws IOException, InterruptedException {
        try (ServerSocket target = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            final Served server =
                    Served.start("--count", "1", "--json", "--allow", "127.0.0.1:" + target.getLocalPort());
            final Process client = new ProcessBuilder(ProgramRun.commandOf(
                            "htx",
                            "connect",
                            server.address,
                            "--peer",
                            server.publicKey,
                            "-L",
                            "0:127.0.0.1:" + target.getLocalPort()))
                    .start();
            final Matcher matcher =
                    Pattern.compile("forwarding 127.0.0.1:(\\d+) to").matcher("");
            final BufferedReader lines = client.errorReader();
            while (!matcher.reset(lines.readLine()).find()) {
                assertThat(client.isAlive()).isTrue();
            }
            try (Socket near = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1)))) {
                near.getOutputStream().write(new byte[1_000]);
                near.shutdownOutput();
                try (Socket far = target.accept()) {
                    // The target has heard all and says nothing; the session ends under it.
                    assertThat(far.getInputStream().readAllBytes()).hasSize(1_000);
                    client.destroy();
                    client.waitFor();
                    final JsonNode report = new JsonMapper().readTree(server.end());
                    assertThat(report.get("sessions").get(0).get("bytes").asLong())
                            .isEqualTo(1_000);
                }
            }
        }
    }

    @Test
    void saysWhatIsWrongInOneLine() {
        assertRefused(
                "no answer from|connect|refused", "htx", "connect", "127.0.0.1:1", "--peer", "00".repeat(31) + "09");
        assertRefused("32 bytes in hex", "htx", "connect", "127.0.0.1:1", "--peer", "abcd");
        assertRefused(
                "cannot read",
                "htx",
                "connect",
                "127.0.0.1:1",
                "--peer",
                "ab".repeat(32),
                "--file",
                folder.resolve("none").toString());
        assertRefused("--json needs", "htx", "connect", "127.0.0.1:1", "--peer", "ab".repeat(32), "--json");
        assertRefused(
                "must be \\[address:]port", "htx", "connect", "127.0.0.1:1", "--peer", "ab".repeat(32), "-L", "x");
        assertRefused("must be host:port", "htx", "serve", "--allow", "nonsense");
        assertRefused("no such padding", "htx", "serve", "--padding", "much");
    }

    private static void assertRefused(String pattern, String... args) {
        final ProgramRun run = ProgramRun.of(args);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).containsPattern(pattern);
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    private static void echo(ServerSocket target) {
        try (Socket socket = target.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String exchange(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** {@code htx serve} in a separate process. */
    private record Served(Process process, BufferedReader errors, String address, String publicKey) {
        static Served start(String... options) throws IOException {
            final List<String> command = ProgramRun.commandOf("htx", "serve");
            command.addAll(List.of(options));
            final Process process = new ProcessBuilder(command).start();
            final BufferedReader errors = process.errorReader();
            final Matcher matcher = LISTENING.matcher(errors.readLine());
            assertThat(matcher.find()).isTrue();
            return new Served(process, errors, matcher.group(1), matcher.group(2));
        }

        void say(String text) throws IOException {
            try (OutputStream input = process.getOutputStream()) {
                input.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }

        /** Waits for its end, which must be a good one; returns its stdout. */
        String end() throws IOException, InterruptedException {
            final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(errors.lines().toList().toString()).isZero();
            return out;
        }

        void stop() throws InterruptedException {
            process.destroy();
            process.waitFor();
        }
    }
}
