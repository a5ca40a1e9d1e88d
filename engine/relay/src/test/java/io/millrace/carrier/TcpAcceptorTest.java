package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A carrier without descriptors for connections, on a clock of the test. */
@Timeout(120)
class TcpAcceptorTest {
    private static final long MS = 1_000_000;
    private static final long PATIENCE = 20_000_000;

    private final DatagramBatch frames = new DatagramBatch(Arena.ofAuto().allocate(128), 1);
    private long nowNs = Long.MAX_VALUE - 5 * MS; // the clock wraps
    private TcpCarrier carrier;
    private Socket socket;
    private int calls;
    private int failures;

    @BeforeEach
    void listen() throws IOException {
        final InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        carrier = TcpCarrier.open(
                new InetSocketAddress(loopback, 0), List.of(new InetSocketAddress(loopback, 1)), 100, () -> nowNs);
        final TcpAcceptor.Source system = carrier.acceptor.source;
        carrier.acceptor.source = () -> {
            calls++;
            if (failures > 0) {
                failures--;
                throw new SocketException("Too many open files");
            }
            return system.accept();
        };
    }

    @AfterEach
    void close() throws IOException {
        carrier.close();
        socket.close();
    }

    @Test
    void pausesLongerAfterEachFailureAndThenAccepts() throws IOException {
        failures = 9;
        connect();
        long pauseNs = 10 * MS;
        for (int failure = 1; failure <= 9; failure++) {
            receiveUntil(failure);
            nowNs += pauseNs - 1;
            receive(200);
            assertThat(calls).isEqualTo(failure);
            assertThat(carrier.receiveErrors()).isEqualTo(failure);
            nowNs++;
            pauseNs = Math.min(2 * pauseNs, 1_000 * MS);
        }
        socket.getOutputStream().write(new byte[] {0, 3, 1, 2, 3});
        int count = 0;
        for (long i = 0; i < PATIENCE && count == 0; i++) {
            count = carrier.receive(frames, 1, 128);
        }
        assertThat(count).isOne();
        assertThat(frames.length(0)).isEqualTo(3);

        // The next failure is a first one again.
        final int before = calls;
        failures = 1;
        socket.close();
        connect();
        receiveUntil(before + 1);
        nowNs += 10 * MS;
        receiveUntil(before + 2);
    }

    @Test
    void waitsDuringThePauseAlthoughAConnectionWaits() throws IOException {
        failures = 1;
        connect();
        receiveUntil(1);
        final long start = System.nanoTime();
        carrier.await(20 * MS);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(19 * MS);
    }

    private void connect() throws IOException {
        socket = new Socket(
                InetAddress.ofLiteral("127.0.0.1"), carrier.localAddress().getPort());
    }

    private void receive(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(carrier.receive(frames, 1, 128)).isZero();
        }
    }

    private void receiveUntil(int wanted) {
        for (long i = 0; i < PATIENCE && calls < wanted; i++) {
            carrier.receive(frames, 1, 128);
        }
        assertThat(calls).isGreaterThanOrEqualTo(wanted);
    }
}
