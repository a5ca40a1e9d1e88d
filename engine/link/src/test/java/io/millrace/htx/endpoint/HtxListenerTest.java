package io.millrace.htx.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.test.LeakCheck;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(120)
class HtxListenerTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    private final EndpointPair ends = new EndpointPair();

    @AfterEach
    void close() {
        ends.close();
    }

    @Test
    void closesWithoutEndingSessions() throws Exception {
        final HtxListener listener = ends.listen();
        try (HtxConnection connection = ends.connect(listener)) {
            final HtxConnection other = ends.served.take();
            listener.close();
            listener.close();
            assertThatThrownBy(() -> ends.connect(listener)).isInstanceOf(ConnectException.class);
            final HtxStream near = connection.open();
            near.write(ByteBuffer.wrap(new byte[10]));
            assertThat(other.accept().input().readNBytes(10)).hasSize(10);
        }
    }

    @Test
    void endsHandshakesThatAreUnderWayWhenItCloses() throws Exception {
        final HtxListener listener = ends.listen();
        try (Socket stranger =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            EndpointPair.await("it is accepted", () -> listener.open() == 1);
            listener.close();
            assertThat(listener.open()).isZero();
            assertThat(stranger.getInputStream().readNBytes(1)).isEmpty();
        }
    }

    @Test
    void goesOnAcceptingWhenTheSystemHadNoSocketForAWhile() throws Exception {
        final int failing = 4;
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(EndpointPair.loopback());
            final HtxListener listener = new HtxListener(
                    ends.server,
                    new Exhausted(channel, failing),
                    ends.serverOf(key -> true, ends.served::add),
                    InstantSource.system());
            listener.start();
            try (listener;
                    HtxConnection connection = ends.connect(listener)) {
                assertThat(listener.acceptFailures()).isEqualTo(failing);
                assertThat(connection.end()).isNull();
            }
        }
        assertThat(ends.reported.poll(60, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
        assertThat(ends.reported).as("IOExceptions are counted only").isEmpty();
    }

    @Test
    void boundsEachWaitOfAStream() throws Exception {
        final HtxListener listener = ends.listen();
        try (HtxConnection connection = ends.connect(listener);
                HtxConnection other = ends.served.take()) {
            assertThatThrownBy(() -> other.accept(SHORT)).isInstanceOf(SocketTimeoutException.class);
            final HtxStream near = connection.open();
            near.timeout(SHORT);
            assertThatThrownBy(() -> near.read(ByteBuffer.allocate(1))).isInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(() -> near.write(ByteBuffer.allocate(64 << 20)))
                    .isInstanceOf(SocketTimeoutException.class);
            final HtxStream far = other.accept(EndpointPair.PATIENCE);
            far.write(ByteBuffer.wrap(new byte[5]));
            near.timeout(EndpointPair.PATIENCE);
            assertThat(near.input().readNBytes(5)).as("can be used further").hasSize(5);
        }
    }

    /** Gives some IOExceptions and an Error first, as {@code accept} does when no more sockets, or no memory, are left. */
    private static final class Exhausted extends ServerSocketChannel {
        private final ServerSocketChannel channel;
        private int left;

        Exhausted(ServerSocketChannel channel, int failing) {
            super(channel.provider());
            this.channel = channel;
            this.left = failing;
        }

        @Override
        public SocketChannel accept() throws IOException {
            if (left-- > 0) {
                if (left == 0) {
                    throw new OutOfMemoryError("unable to create a thread");
                }
                throw new IOException("Too many open files");
            }
            return channel.accept();
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
            return channel.bind(local, backlog);
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
            return channel.setOption(name, value);
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return channel.getOption(name);
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return channel.supportedOptions();
        }

        @Override
        public ServerSocket socket() {
            return channel.socket();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return channel.getLocalAddress();
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            channel.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            channel.configureBlocking(block);
        }
    }
}
