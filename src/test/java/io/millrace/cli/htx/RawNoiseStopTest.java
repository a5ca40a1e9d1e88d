package io.millrace.cli.htx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.noise.Role;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code htx serve --raw-noise} at SIGTERM. */
class RawNoiseStopTest {
    private static final Pattern LISTENING =
            Pattern.compile("listening at 127\\.0\\.0\\.1:(\\d+) with public key ([0-9a-f]{64})");

    /** The exit code is the command's; that of the signal came 30 s later, because the server waited for the peer. */
    @Test
    void endsInOrderThoughAConnectedPeerIsSilent() throws Exception {
        final Process server = new ProcessBuilder(
                        ProgramRun.commandOf("htx", "serve", "--raw-noise", "--listen", "127.0.0.1:0", "--json"))
                .start();
        try (BufferedReader errors = server.errorReader(UTF_8);
                X25519KeyPair own = X25519KeyPair.generate(new SecureRandomness())) {
            final Matcher listening = LISTENING.matcher(errors.readLine());
            assertThat(listening.find()).isTrue();
            try (RawNoiseConnection peer = new RawNoiseConnection(
                    new Socket(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(listening.group(1))))) {
                peer.handshake(Role.INITIATOR, own, HexFormat.of().parseHex(listening.group(2)), new byte[0]);
                peer.write("there".getBytes(UTF_8));
                assertThat(peer.read()).isEqualTo("there".getBytes(UTF_8));

                server.toHandle().destroy(); // by the process itself, the streams would be closed

                assertThat(server.waitFor()).isZero();
                assertThat(new String(server.getInputStream().readAllBytes(), UTF_8))
                        .contains("\"sessions\":1", "\"failures\":0", "\"messages\":1");
            }
        } finally {
            server.destroyForcibly();
        }
    }
}
