package io.millrace.cli.htx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.console.Output;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxStream;
import io.millrace.names.NameLookup;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session that ends while a stream of it waits for addresses that do not answer. */
@Timeout(120)
class SilentTargetTest {
    private static final String TARGET = "silent.test:9";
    private static final NameLookup THREE_ADDRESSES = host -> List.of(
            InetAddress.ofLiteral("127.0.0.66"),
            InetAddress.ofLiteral("127.0.0.67"),
            InetAddress.ofLiteral("127.0.0.68"));

    private final CountDownLatch connecting = new CountDownLatch(1);
    private final AtomicInteger tried = new AtomicInteger();

    /** Connects to no network: waits until it is closed. */
    private final class SilentSocket extends Socket {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void connect(SocketAddress address, int timeoutMs) throws IOException {
            tried.incrementAndGet();
            connecting.countDown();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new SocketException("closed");
        }

        @Override
        public void close() throws IOException {
            closed.countDown();
            super.close();
        }
    }

    @Test
    void itsEndEndsTheConnectsAndNoFurtherAddressIsTried() throws Exception {
        final StringWriter said = new StringWriter();
        final Output output = new Output(new PrintWriter(said, true), new PrintWriter(said, true), false);
        final ForwardedStreams streams =
                new ForwardedStreams(output, new ForwardTargets(Set.of(TARGET), THREE_ADDRESSES, SilentSocket::new));
        final CompletableFuture<Boolean> carried = new CompletableFuture<>();
        try (HtxPair pair = new HtxPair(connection -> carry(streams, connection, carried));
                HtxStream stream = pair.client().open()) {
            StreamPurpose.forward(TARGET).write(stream.output());
            assertThat(connecting.await(60, TimeUnit.SECONDS)).isTrue();

            pair.client().close();

            assertThat(carried.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(tried).hasValue(1);
            assertThat(said.toString()).contains(TARGET + ": the session has ended");
        }
    }

    @Test
    void aSocketThatConnectsAfterTheEndIsClosed() throws IOException {
        final ConnectingSockets sockets = new ConnectingSockets();
        try (Socket before = new Socket();
                Socket after = new Socket()) {
            sockets.add(before);
            sockets.end();
            sockets.add(after);
            assertThat(before.isClosed()).isTrue();
            assertThat(after.isClosed()).isTrue();
        }
    }

    private static void carry(ForwardedStreams streams, HtxConnection connection, CompletableFuture<Boolean> carried) {
        try (connection) {
            carried.complete(streams.carry(connection) != null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
