package io.millrace.cli.htx;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.UsageError;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.names.HostAddresses;
import io.millrace.names.NameLookup;
import io.millrace.noise.CipherState;
import io.millrace.noise.Role;
import io.millrace.text.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/** Makes a bare Noise handshake, sends messages and compares the echoes. */
final class RawNoiseClient {
    private static final int CONNECT_MS = 10_000;

    private final Output output;
    private final byte[] prologue;

    RawNoiseClient(Output output, byte[] prologue) {
        this.output = output;
        this.prologue = prologue;
    }

    /** Result; also its form in JSON. */
    public record Report(String handshakeHash, int messages, int equal) {}

    int run(HostPort address, byte[] responder, List<Integer> lengths) throws IOException {
        for (int length : lengths) {
            if (length < 0 || length > CipherState.MAX_TEXT_LENGTH) {
                throw new UsageError("must be 0 to " + CipherState.MAX_TEXT_LENGTH + ": --echo=" + length);
            }
        }
        try (Socket socket = HostAddresses.tryAll(address, NameLookup.SYSTEM, RawNoiseClient::connect);
                X25519KeyPair own = X25519KeyPair.generate(new SecureRandomness())) {
            try (RawNoiseConnection connection = new RawNoiseConnection(socket)) {
                connection.handshake(Role.INITIATOR, own, responder, prologue);
                output.line("handshake hash " + connection.handshakeHash());
                int equal = 0;
                for (int length : lengths) {
                    equal += isEchoed(connection, length) ? 1 : 0;
                }
                output.line(equal + " of " + lengths.size() + " messages came back as they were");
                output.object(new Report(connection.handshakeHash(), lengths.size(), equal));
                return equal == lengths.size() ? ExitCode.OK : ExitCode.FAILED;
            }
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        final Socket socket = new Socket();
        boolean connected = false;
        try {
            socket.connect(address, CONNECT_MS);
            connected = true;
            return socket;
        } catch (IOException e) {
            throw new IOException(HostPort.text(address) + ": " + e.getMessage(), e);
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    private static boolean isEchoed(RawNoiseConnection connection, int length) throws IOException {
        final byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) (i * 31 + length);
        }
        connection.write(text);
        return Arrays.equals(text, connection.read());
    }
}
