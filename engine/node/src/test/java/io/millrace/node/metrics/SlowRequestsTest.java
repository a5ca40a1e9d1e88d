package io.millrace.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.DocumentServer;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Half-sent requests keep no other connection waiting, and end. */
@Timeout(120)
class SlowRequestsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int SLOW = 100;
    private static final int PATIENCE_MS = 60_000;

    @Test
    void answersAScrapeWhileHalfSentRequestsWait() throws IOException {
        try (MetricsServer server = MetricsServer.open(ANY_PORT, MetricSnapshots::new);
                SlowClients slow = new SlowClients(server.address())) {
            assertThat(get(server.address(), "/metrics")).startsWith("HTTP/1.1 200");
            slow.requireEnded();
        }
    }

    @Test
    void answersForADocumentWhileHalfSentRequestsWait(@TempDir Path folder) throws IOException {
        try (DocumentServer server = DocumentServer.open(ANY_PORT, folder);
                SlowClients slow = new SlowClients(server.address())) {
            assertThat(get(server.address(), "/descriptor")).startsWith("HTTP/1.1 404");
            slow.requireEnded();
        }
    }

    private static String get(InetSocketAddress address, String path) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            final String request = "GET " + URI.create(path) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Connections that send half a request, and no more. */
    private static final class SlowClients implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();

        SlowClients(InetSocketAddress address) throws IOException {
            for (int i = 0; i < SLOW; i++) {
                final Socket socket = new Socket(address.getAddress(), address.getPort());
                sockets.add(socket);
                socket.setSoTimeout(PATIENCE_MS);
                socket.getOutputStream()
                        .write("GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            }
        }

        /** Reading times out unless the server closes the connection. */
        void requireEnded() throws IOException {
            for (Socket each : sockets) {
                try {
                    assertThat(each.getInputStream().read()).isEqualTo(-1);
                } catch (SocketException e) {
                    assertThat(e).hasMessageContaining("reset");
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket each : sockets) {
                each.close();
            }
        }
    }
}
