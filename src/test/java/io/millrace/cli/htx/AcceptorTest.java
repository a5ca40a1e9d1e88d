package io.millrace.cli.htx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AcceptorTest {
    private final List<String> notes = new ArrayList<>();

    @Test
    void acceptsAgainWhenThereAreDescriptorsAgain() throws IOException {
        try (ServerSocket server = new Scarce(3);
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = new Acceptor(server, notes::add).next()) {
            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
            assertThat(notes).hasSize(2);
            final String address = "127.0.0.1:" + server.getLocalPort();
            assertThat(notes.get(0)).contains(" at " + address + " for now: Too many open files");
            assertThat(notes.get(1)).endsWith("accepting connections again at " + address);
        }
    }

    @Test
    void endsWhenTheSocketIsClosed() throws IOException {
        final ServerSocket server = new Scarce(0);
        server.close();
        assertThat(new Acceptor(server, notes::add).next()).isNull();
        assertThat(notes).isEmpty();
    }

    /** Has no descriptor for the first connections. */
    private static final class Scarce extends ServerSocket {
        private final AtomicInteger missing;

        Scarce(int missing) throws IOException {
            super(0, 8, InetAddress.getLoopbackAddress());
            this.missing = new AtomicInteger(missing);
        }

        @Override
        public Socket accept() throws IOException {
            if (missing.getAndDecrement() > 0) {
                throw new SocketException("Too many open files");
            }
            return super.accept();
        }
    }
}
