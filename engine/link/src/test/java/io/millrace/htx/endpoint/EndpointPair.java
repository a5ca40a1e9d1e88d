package io.millrace.htx.endpoint;

import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.session.SessionConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A server and a client on loopback, and their reports. */
final class EndpointPair implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** More than any test needs. */
    private static final AdmissionConfig ADMISSION =
            new AdmissionConfig(1_000_000, 1_000_000, 64, 1 << 16, 4_096, PATIENCE.toNanos());

    final X25519KeyPair serverKeys = X25519KeyPair.generate(new SecureRandomness());
    final X25519KeyPair clientKeys = X25519KeyPair.generate(new SecureRandomness());
    final TicketKey ticketKey = TicketKey.open(serverKeys.publicKey());
    final LinkedBlockingQueue<HtxConnection> served = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
    final HtxEndpoint server = HtxEndpoint.start(SessionConfig.HTX1, reported::add);
    final HtxEndpoint client = HtxEndpoint.start(SessionConfig.HTX1, reported::add);

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    HtxServer serverOf(Predicate<byte[]> welcome, Consumer<HtxConnection> handler) {
        return new HtxServer(serverKeys, List.of(ticketKey), welcome, ADMISSION, 1_000, handler);
    }

    HtxListener listen(Predicate<byte[]> welcome, Consumer<HtxConnection> handler) throws IOException {
        return server.listen(loopback(), serverOf(welcome, handler));
    }

    HtxListener listen() throws IOException {
        return listen(key -> true, served::add);
    }

    HtxConnection connect(HtxListener listener) throws IOException {
        return connect(listener.address(), PATIENCE);
    }

    HtxConnection connect(InetSocketAddress address, Duration timeout) throws IOException {
        return client.connect(address, clientKeys, serverKeys.publicKey(), ticketKey, timeout);
    }

    /** Waits for other threads to do something that nothing tells of. */
    static void await(String what, BooleanSupplier condition) {
        final long end = System.nanoTime() + 2 * PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain until " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        ticketKey.close();
        serverKeys.close();
        clientKeys.close();
    }
}
