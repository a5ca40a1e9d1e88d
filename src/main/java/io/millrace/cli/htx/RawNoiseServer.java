package io.millrace.cli.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Termination;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.noise.Role;
import io.millrace.text.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;

/** Answers bare Noise handshakes, one connection after the other, and echoes each message. */
final class RawNoiseServer {
    private final Output output;
    private final byte[] prologue;
    private int sessions;
    private int failures;
    private long messages;
    private String handshakeHash;
    private volatile Socket connected;
    private volatile boolean stopping;

    RawNoiseServer(Output output, byte[] prologue) {
        this.output = output;
        this.prologue = prologue;
    }

    /** Result; also its form in JSON. The hash is the last session's, or null. */
    public record Report(String publicKey, int sessions, int failures, long messages, String handshakeHash) {}

    int run(InetSocketAddress listen, int count) throws IOException {
        try (ServerSocket server = new ServerSocket();
                X25519KeyPair own = X25519KeyPair.generate(new SecureRandomness());
                Termination termination = Termination.onSignal(() -> stop(server))) {
            server.bind(listen);
            final String publicKey = HexFormat.of().formatHex(own.publicKey().toArray(JAVA_BYTE));
            output.note("listening at " + HostPort.text((InetSocketAddress) server.getLocalSocketAddress())
                    + " with public key " + publicKey);
            final Acceptor acceptor = new Acceptor(server, output::note);
            for (int i = 0; count == 0 || i < count; i++) {
                try (Socket socket = acceptor.next()) {
                    connected = socket;
                    if (socket == null || server.isClosed()) {
                        break;
                    }
                    echo(socket, own);
                }
            }
            output.object(new Report(publicKey, sessions, failures, messages, handshakeHash));
            return termination.finished(failures == 0 ? ExitCode.OK : ExitCode.FAILED);
        }
    }

    private void echo(Socket socket, X25519KeyPair own) {
        try (RawNoiseConnection connection = new RawNoiseConnection(socket)) {
            connection.handshake(Role.RESPONDER, own, null, prologue);
            sessions++;
            handshakeHash = connection.handshakeHash();
            output.line("handshake hash " + handshakeHash + ", peer " + connection.remoteStatic());
            for (byte[] text = connection.read(); text != null; text = connection.read()) {
                connection.write(text);
                messages++;
            }
        } catch (IOException e) {
            if (!stopping) {
                failures++;
                output.note("connection refused or lost: " + e.getMessage());
            }
        }
    }

    /** Ends the wait for a connection, and the one that is there: its peer may be silent for good. */
    private void stop(ServerSocket server) {
        stopping = true;
        try {
            server.close();
            final Socket open = connected; // set before the server's thread looks whether its socket is closed
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
