package io.millrace.htx.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.memory.TrackedArena;
import io.millrace.test.LeakCheck;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls of connect that fail: they say why, and keep nothing. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class ConnectFailureTest {
    private static final int MANY = 20;
    private static final Duration SHORT = Duration.ofMillis(20);

    private final EndpointPair ends = new EndpointPair();
    private ServerSocket silent;
    private long keys;
    private long bytes;

    @BeforeEach
    void listen() throws IOException {
        silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        keys = SecretKey.liveCount();
        bytes = TrackedArena.liveBytes();
    }

    @AfterEach
    void close() throws IOException {
        silent.close();
        ends.close();
    }

    @Test
    void aPeerThatNeverAnswersTimesOut() {
        for (int i = 0; i < MANY; i++) {
            assertThatThrownBy(() -> ends.connect(silentAddress(), SHORT))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("within 20 ms");
            assertKeptNothing();
        }
        assertThat(ends.client.failureCount()).isZero();
    }

    @Test
    void aPortThatNoneListensAtRefuses() throws IOException {
        final InetSocketAddress address = silentAddress();
        silent.close();
        assertThatThrownBy(() -> ends.connect(address, EndpointPair.PATIENCE))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused");
        assertKeptNothing();
    }

    @Test
    void anAddressWithoutANumberIsUnknown() {
        assertThatThrownBy(() ->
                        ends.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1), EndpointPair.PATIENCE))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("nowhere.invalid");
        assertThatThrownBy(() -> ends.connect(new InetSocketAddress("255.255.255.255", 1), EndpointPair.PATIENCE))
                .isInstanceOf(IOException.class);
        assertKeptNothing();
    }

    @Test
    void aPeerThatHangsUpIsToldFromOneThatIsSilent() throws Exception {
        final FutureTask<Void> peer = peer(0);
        assertThatThrownBy(() -> ends.connect(silentAddress(), EndpointPair.PATIENCE))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("closed the connection in the handshake");
        peer.get();
        assertKeptNothing();
    }

    @Test
    void anAnswerOfAnotherThanTheOwnerOfTheKeyIsToldFromSilence() throws Exception {
        final FutureTask<Void> peer = peer(InitiatorHandshake.SECOND_LENGTH);
        assertThatThrownBy(() -> ends.connect(silentAddress(), EndpointPair.PATIENCE))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("bad key");
        peer.get();
        assertKeptNothing();
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        final FutureTask<Throwable> result = new FutureTask<>(() -> {
            try {
                ends.connect(silentAddress(), EndpointPair.PATIENCE).close();
                return null;
            } catch (IOException e) {
                return Thread.interrupted() ? e : new AssertionError("the interrupt is lost", e);
            }
        });
        final Thread caller = Thread.ofPlatform().start(result);
        silent.accept().close();
        caller.interrupt();
        // The interrupt may come before or after the end of the connection.
        assertThat(result.get()).isInstanceOfAny(InterruptedIOException.class, IOException.class, AssertionError.class);
        assertKeptNothing();
    }

    @Test
    void theEndOfTheEndpointEndsTheWait() throws Exception {
        final FutureTask<Throwable> result = new FutureTask<>(() -> {
            try {
                ends.connect(silentAddress(), EndpointPair.PATIENCE).close();
                return null;
            } catch (IOException e) {
                return e;
            }
        });
        Thread.ofVirtual().start(result);
        try (Socket accepted = silent.accept()) {
            ends.client.close();
            assertThat(result.get()).isInstanceOf(IOException.class).hasMessageContaining("the endpoint is closed");
            assertThat(accepted.isConnected()).isTrue();
        }
        assertThatThrownBy(() -> ends.connect(silentAddress(), EndpointPair.PATIENCE))
                .hasMessageContaining("the endpoint is closed");
        assertKeptNothing();
    }

    /** Keys are closed, and their memory gone, as soon as connect has returned or thrown, whatever the time. */
    @Test
    void noThreadUsesTheKeysAfterConnect() throws Exception {
        final HtxListener listener = ends.listen(key -> true, HtxConnection::close);
        long micros = 3_000;
        int connected = 0;
        int late = 0;
        for (int i = 0; i < 200; i++) {
            try (X25519KeyPair own = X25519KeyPair.generate(new SecureRandomness());
                    TicketKey ticket = TicketKey.open(ends.serverKeys.publicKey())) {
                ends.client
                        .connect(
                                listener.address(),
                                own,
                                ends.serverKeys.publicKey(),
                                ticket,
                                Duration.ofNanos(micros * 1_000))
                        .close();
                connected++;
                micros = Math.max(50, micros - micros / 10);
            } catch (SocketTimeoutException e) {
                late++;
                micros += micros / 10;
            }
        }
        assertThat(connected + late).isEqualTo(200);
        assertThat(ends.client.failureCount() + ends.server.failureCount()).isZero();
        ends.connect(listener).close();
    }

    /** A peer that reads the first message, says {@code length} zeros and hangs up. */
    private FutureTask<Void> peer(int length) {
        final FutureTask<Void> peer = new FutureTask<>(() -> {
            try (Socket socket = silent.accept()) {
                socket.getInputStream().readNBytes(InitiatorHandshake.FIRST_LENGTH);
                socket.getOutputStream().write(new byte[length]);
                return null;
            }
        });
        Thread.ofVirtual().start(peer);
        return peer;
    }

    private InetSocketAddress silentAddress() {
        return (InetSocketAddress) silent.getLocalSocketAddress();
    }

    private void assertKeptNothing() {
        assertThat(SecretKey.liveCount()).as("open secret keys").isEqualTo(keys);
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(bytes);
    }
}
