package io.millrace.htx.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.htx.session.SessionConfig;
import io.millrace.htx.session.SessionEnd;
import io.millrace.memory.TrackedArena;
import io.millrace.test.LeakCheck;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How connections and listeners end: in order, once, and without anything that stays. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class ConnectionEndTest {
    private final EndpointPair ends = new EndpointPair();

    @AfterEach
    void close() {
        ends.close();
    }

    @Test
    void aSecondCloseDoesNotCutTheFirstOff() throws Exception {
        final HtxListener listener = ends.listen();
        final HtxConnection connection = ends.connect(listener);
        final HtxStream near = connection.open();
        final HtxConnection other = ends.served.take();
        near.timeout(Duration.ofMillis(1));
        final ByteBuffer bytes = ByteBuffer.allocate(64 << 20);
        assertThatThrownBy(() -> near.write(bytes)).isInstanceOf(SocketTimeoutException.class);
        near.finish();

        final Thread first = Thread.ofPlatform().start(connection::close);
        awaitWaiting(first);
        final Thread second = Thread.ofPlatform().start(connection::close);
        awaitWaiting(second);

        assertThat(connection.end()).as("bytes are queued").isNull();
        assertThat(other.accept().input().readAllBytes())
                .as("bytes that were queued at the first close")
                .hasSize(bytes.position());
        assertThat(other.awaitEnd()).isEqualTo(SessionEnd.CLOSED);
        first.join();
        second.join();
        assertThat(connection.end()).isEqualTo(SessionEnd.CLOSED);
        other.close();
    }

    @Test
    void streamsThatNoThreadAcceptsKeepTheirConnectionForAMinuteOnly() throws Exception {
        final AtomicLong aheadNs = new AtomicLong();
        try (HtxEndpoint server =
                new HtxEndpoint(SessionConfig.HTX1, ends.reported::add, () -> System.nanoTime() + aheadNs.get())) {
            final HtxListener listener =
                    server.listen(EndpointPair.loopback(), ends.serverOf(key -> true, ends.served::add));
            final long bytes = TrackedArena.liveBytes();
            final HtxConnection connection = ends.connect(listener);
            for (int i = 0; i < 3; i++) {
                final HtxStream near = connection.open();
                near.write(ByteBuffer.wrap(new byte[100]));
                near.finish();
            }
            final HtxConnection other = ends.served.take();
            EndpointPair.await("all streams have come", () -> other.waiting() == 3);
            connection.close();
            other.awaitEnd();
            final HtxStream far = other.accept();
            assertThat(far.input().readAllBytes())
                    .as("can be accepted after the end")
                    .hasSize(100);
            far.close();
            assertThat(listener.open()).isEqualTo(1);

            EndpointPair.await("the connection has ended here", other::isGone);
            aheadNs.addAndGet(AcceptQueue.PATIENCE.toNanos());
            EndpointPair.await("the place is free", () -> {
                // Time goes on, since the minute may only begin now: the threads of the connection end by themselves.
                aheadNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
                server.deadlines().wake();
                return listener.open() == 0;
            });
            assertThat(other.waiting()).isZero();
            assertThat(other.accept()).isNull();
            assertThat(TrackedArena.liveBytes()).isEqualTo(bytes);
        }
    }

    /** The clock fails in the threads of the socket: when bytes have come, and again when their connection is to be freed. */
    @Test
    void aConnectionThatCannotBeFreedNowGivesItsLockBackAndIsFreedLater() throws Exception {
        final AtomicBoolean fault = new AtomicBoolean();
        final HtxEndpoint server = new HtxEndpoint(SessionConfig.HTX1, ends.reported::add, () -> {
            if (fault.get() && Thread.currentThread().isVirtual()) {
                throw new IllegalStateException("no time");
            }
            return System.nanoTime();
        });
        final AtomicReference<Thread> handler = new AtomicReference<>();
        final HtxListener listener = server.listen(EndpointPair.loopback(), ends.serverOf(key -> true, connection -> {
            handler.set(Thread.currentThread());
            ends.served.add(connection);
        }));
        final long bytes = TrackedArena.liveBytes();
        final HtxConnection connection = ends.connect(listener);
        final HtxStream near = connection.open();
        near.write(ByteBuffer.wrap(new byte[100]));
        final HtxConnection other = ends.served.take();
        handler.get().join();
        EndpointPair.await("the stream has come", () -> other.waiting() == 1);

        fault.set(true);
        near.write(ByteBuffer.wrap(new byte[100]));
        for (int failures = 0; failures < 3; failures++) { // of the thread that receives, and of both when they end
            assertThat(ends.reported.poll(60, TimeUnit.SECONDS)).hasMessage("no time");
        }
        assertThat(other.lock().tryLock(60, TimeUnit.SECONDS))
                .as("the lock is free")
                .isTrue();
        other.lock().unlock();

        fault.set(false);
        other.accept().close();
        connection.close();
        EndpointPair.await("all is freed", () -> listener.open() == 0 && TrackedArena.liveBytes() == bytes);
        server.close();
    }

    @Test
    void aListenerThatWasNotStartedClosesWithoutWaiting() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(EndpointPair.loopback());
            final HtxListener listener = new HtxListener(
                    ends.server, channel, ends.serverOf(key -> true, ends.served::add), InstantSource.system());
            listener.close();
            assertThat(channel.isOpen()).isFalse();
            assertThat(listener.open()).isZero();
        }
    }

    @Test
    void anEndpointThatIsClosedKeepsNothingOfAListenerThatItCannotStart() {
        ends.server.close();
        assertThatThrownBy(() -> ends.listen())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the endpoint is closed");
    }

    private static void awaitWaiting(Thread thread) {
        EndpointPair.await(
                "the thread waits in close()",
                () -> thread.getState() == Thread.State.TIMED_WAITING
                        || thread.getState() == Thread.State.WAITING
                        || thread.getState() == Thread.State.TERMINATED);
    }
}
