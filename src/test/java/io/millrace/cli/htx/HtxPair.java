package io.millrace.cli.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxEndpoint;
import io.millrace.htx.endpoint.HtxListener;
import io.millrace.htx.endpoint.HtxServer;
import io.millrace.htx.session.SessionConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Two ends of one HTX session in this process, over loopback. */
final class HtxPair implements AutoCloseable {
    private final X25519KeyPair serverKeys = X25519KeyPair.generate(new SecureRandomness());
    private final X25519KeyPair clientKeys = X25519KeyPair.generate(new SecureRandomness());
    private final HtxEndpoint endpoint = HtxEndpoint.start(SessionConfig.HTX1);
    private final List<TicketKey> tickets;
    private final HtxConnection client;

    /** @param service serves the session at the end that listens. */
    HtxPair(Consumer<HtxConnection> service) throws IOException {
        tickets = TicketOption.ofServer(Set.of(TicketOption.OPEN), serverKeys, Set.of());
        final HtxListener listener = endpoint.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new HtxServer(serverKeys, tickets, key -> true, AdmissionConfig.DEFAULT, 16, service));
        final byte[] peer = serverKeys.publicKey().toArray(JAVA_BYTE);
        try (TicketKey ticket = TicketOption.ofClient(TicketOption.OPEN, clientKeys, peer)) {
            client = endpoint.connect(
                    listener.address(), clientKeys, serverKeys.publicKey(), ticket, Duration.ofSeconds(60));
        }
    }

    /** The end that began the session. */
    HtxConnection client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        endpoint.close();
        tickets.forEach(TicketKey::close);
        clientKeys.close();
        serverKeys.close();
    }
}
