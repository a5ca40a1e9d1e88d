package io.millrace.htx.endpoint;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.session.SessionConfig;
import io.millrace.htx.session.SessionEnd;
import io.millrace.test.LeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two endpoints over real sockets on loopback. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class HtxEndpointTest {
    private static final Duration PATIENCE = EndpointPair.PATIENCE;

    private final X25519KeyPair serverKeys = X25519KeyPair.generate(new SecureRandomness());
    private final X25519KeyPair clientKeys = X25519KeyPair.generate(new SecureRandomness());
    private final TicketKey ticketKey = TicketKey.open(serverKeys.publicKey());
    private final LinkedBlockingQueue<HtxConnection> served = new LinkedBlockingQueue<>();
    private HtxEndpoint server;
    private HtxEndpoint client;

    @BeforeEach
    void start() throws IOException {
        server = HtxEndpoint.start(SessionConfig.HTX1);
        client = HtxEndpoint.start(SessionConfig.HTX1);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        ticketKey.close();
        serverKeys.close();
        clientKeys.close();
    }

    @Test
    @SuppressWarnings("try") // closed before its end is looked at
    void carriesBytesBothWaysAndEndsInOrder() throws Exception {
        final HtxListener listener = listen(connection -> echo(connection));
        try (HtxConnection connection = connect(listener)) {
            try (HtxStream stream = connection.open()) {
                final byte[] sent = new byte[3_000_000];
                new Random(1).nextBytes(sent);
                Thread.ofVirtual().start(() -> {
                    try {
                        stream.write(ByteBuffer.wrap(sent));
                        stream.finish();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                assertThat(stream.input().readAllBytes()).isEqualTo(sent);
            }
            final HtxConnection other = served.take();
            assertThat(other.handshakeHash()).isEqualTo(connection.handshakeHash());
            assertThat(other.remoteStatic()).isEqualTo(clientKeys.publicKey().toArray(JAVA_BYTE));
            assertThat(connection.remoteStatic())
                    .isEqualTo(serverKeys.publicKey().toArray(JAVA_BYTE));
            connection.close();
            assertThat(connection.end()).isEqualTo(SessionEnd.CLOSED);
            assertThat(other.awaitEnd()).isEqualTo(SessionEnd.CLOSED);
        }
        assertThat(listener.counters().get(HandshakeVerdict.ESTABLISHED)).isEqualTo(1);
    }

    @Test
    void letsAStreamThatNobodyReadsHoldUpNoOther() throws Exception {
        final HtxListener listener = listen(served::add);
        try (HtxConnection connection = connect(listener);
                HtxConnection other = served.take()) {
            final HtxStream stalled = connection.open();
            final Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    stalled.write(ByteBuffer.allocate(1 << 20));
                } catch (IOException e) {
                    assertThat(stalled.id()).isEqualTo(1); // the session ends under it
                }
            });
            final HtxStream flowing = connection.open();
            other.accept();
            final HtxStream far = other.accept();
            for (int i = 0; i < 100; i++) {
                flowing.write(ByteBuffer.allocate(20_000));
                assertThat(far.input().readNBytes(20_000)).hasSize(20_000);
            }
            assertThat(writer.isAlive()).isTrue();
            stalled.reset();
            writer.join();
        }
    }

    @Test
    void sendsStrangersNothingAndCountsWhy() throws Exception {
        final HtxListener listener = listen(served::add);
        try (Socket stranger =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            stranger.getOutputStream().write(new byte[400]);
            assertThat(stranger.getInputStream().readNBytes(1)).isEmpty();
        } catch (IOException e) {
            // A reset instead of an end: the stranger's last bytes were not read. As silent as the other.
            assertThat(e).hasMessageContaining("reset");
        }
        // The deadline's thread closes the socket, and the responder's counts the result.
        EndpointPair.await("the refusal is counted", () -> listener.counters().refusedFirst() == 1);
        assertThat(listener.counters().get(HandshakeVerdict.ESTABLISHED)).isZero();
    }

    @Test
    void refusesTheOwnerOfAKeyThatIsNotWelcome() throws Exception {
        final HtxListener listener = server.listen(
                loopback(),
                new HtxServer(serverKeys, List.of(ticketKey), key -> false, AdmissionConfig.DEFAULT, 10, served::add));
        // The initiator has said its last word before it can know.
        try (HtxConnection connection = connect(listener)) {
            assertThat(connection.awaitEnd()).isEqualTo(SessionEnd.TRUNCATED);
        }
        assertThat(listener.counters().get(HandshakeVerdict.UNKNOWN_PEER)).isEqualTo(1);
        assertThat(served).isEmpty();
    }

    @Test
    void tellsTheInitiatorThatTheOtherEndIsNotTheOneItWanted() throws Exception {
        final HtxListener listener = listen(served::add);
        try (X25519KeyPair other = X25519KeyPair.generate(new SecureRandomness())) {
            assertThatThrownBy(() ->
                            client.connect(listener.address(), clientKeys, other.publicKey(), ticketKey, PATIENCE))
                    .isInstanceOf(IOException.class);
        }
        assertThat(listener.counters().get(HandshakeVerdict.BAD_FIRST_MESSAGE)).isEqualTo(1);
    }

    @Test
    void tellsAReaderOfAnEndBeforeTheLastByte() throws Exception {
        final HtxListener listener = listen(served::add);
        final HtxConnection connection = connect(listener);
        final HtxStream stream = connection.open();
        stream.write(ByteBuffer.wrap("half".getBytes(StandardCharsets.UTF_8)));
        final HtxStream far = served.take().accept();
        assertThat(far.input().readNBytes(4)).hasSize(4);
        client.close();
        assertThatThrownBy(() -> far.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }

    @Test
    void turnsConnectionsAwayBeyondItsBound() throws Exception {
        final HtxListener listener = server.listen(
                loopback(),
                new HtxServer(serverKeys, List.of(ticketKey), key -> true, AdmissionConfig.DEFAULT, 1, served::add));
        try (HtxConnection first = connect(listener)) {
            // The client is done before the server: without a session there the place is still free.
            assertThat(served.take().end()).isNull();
            assertThatThrownBy(() -> connect(listener)).isInstanceOf(IOException.class);
            assertThat(listener.turnedAway()).isEqualTo(1);
            assertThat(first.end()).isNull();
        }
    }

    private HtxListener listen(Consumer<HtxConnection> onConnection) throws IOException {
        return server.listen(loopback(), HtxServer.of(serverKeys, ticketKey, onConnection));
    }

    private HtxConnection connect(HtxListener listener) throws IOException {
        return client.connect(listener.address(), clientKeys, serverKeys.publicKey(), ticketKey, PATIENCE);
    }

    private void echo(HtxConnection connection) {
        served.add(connection);
        try (connection;
                HtxStream stream = connection.accept()) {
            stream.input().transferTo(stream.output());
            stream.finish();
            connection.awaitEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
