package io.millrace.rig.htx;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxEndpoint;
import io.millrace.htx.endpoint.HtxListener;
import io.millrace.htx.endpoint.HtxServer;
import io.millrace.htx.session.SessionConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Connections over loopback, one after the other, each with its handshake and its orderly end; both ends in this process. Not
 * thread safe.
 */
final class SocketHandshakes implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 4_096;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final X25519KeyPair own;
    private final X25519KeyPair client;
    private final TicketKey ticketKey;
    private final HtxEndpoint endpoint;
    private final HtxListener listener;

    /** Listens on any free port of loopback. */
    SocketHandshakes(Randomness randomness) throws IOException {
        own = X25519KeyPair.generate(randomness);
        client = X25519KeyPair.generate(randomness);
        ticketKey = TicketKey.open(own.publicKey());
        endpoint = HtxEndpoint.start(SessionConfig.HTX1);
        listener = endpoint.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new HtxServer(
                        own,
                        List.of(ticketKey),
                        key -> true,
                        HandshakeLoop.UNLIMITED,
                        MAX_CONNECTIONS,
                        SocketHandshakes::serve));
    }

    private static void serve(HtxConnection connection) {
        try (connection) {
            connection.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Time of one connection in nanoseconds.
     *
     * @param wallNs from {@code connect} to the session.
     * @param cpuNs processor time of the process, end of the session and compiler included.
     */
    record Cost(double wallNs, double cpuNs) {}

    /** Mean over {@code count} connections. */
    Cost connections(int count) throws IOException {
        long wallNs = 0;
        final long start = system.getProcessCpuTime();
        for (int i = 0; i < count; i++) {
            final long from = System.nanoTime();
            final HtxConnection connection =
                    endpoint.connect(listener.address(), client, own.publicKey(), ticketKey, TIMEOUT);
            wallNs += System.nanoTime() - from;
            connection.close();
        }
        return new Cost((double) wallNs / count, (double) (system.getProcessCpuTime() - start) / count);
    }

    @Override
    public void close() {
        endpoint.close();
        ticketKey.close();
        own.close();
        client.close();
    }
}
