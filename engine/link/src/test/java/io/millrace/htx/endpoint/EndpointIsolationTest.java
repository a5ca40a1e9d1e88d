package io.millrace.htx.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.htx.session.SessionEnd;
import io.millrace.memory.TrackedArena;
import io.millrace.test.LeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** One connection that fails, whatever the reason, ends no other. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class EndpointIsolationTest {
    private static final int MANY = 15;

    /** Far more streams than a peer may open and reset at once. */
    private static final int MOST_OPENED = 20_000;

    private final EndpointPair ends = new EndpointPair();

    @AfterEach
    void close() {
        ends.close();
    }

    @Test
    void aPredicateThatThrowsEndsItsConnectionOnly() throws Exception {
        final AtomicBoolean fault = new AtomicBoolean();
        final HtxListener listener = ends.listen(
                key -> {
                    if (fault.get()) {
                        throw new StackOverflowError("the directory of welcome keys is down");
                    }
                    return true;
                },
                ends.served::add);
        final HtxConnection first = ends.connect(listener);
        final HtxStream near = first.open();
        final HtxStream far = ends.served.take().accept();
        fault.set(true);
        try (HtxConnection second = ends.connect(listener)) {
            assertThat(second.awaitEnd()).isEqualTo(SessionEnd.TRUNCATED);
        }
        assertThat(ends.reported.take()).isInstanceOf(StackOverflowError.class);
        assertThat(listener.failures()).isEqualTo(1);
        assertThat(ends.server.failureCount()).isEqualTo(1);

        fault.set(false);
        near.write(ByteBuffer.wrap(new byte[10]));
        assertThat(far.input().readNBytes(10)).hasSize(10);
        ends.connect(listener).close();
    }

    @Test
    void aPredicateThatWaitsKeepsNoOtherWaiting() throws Exception {
        final CountDownLatch first = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final AtomicBoolean slow = new AtomicBoolean(true);
        final HtxListener listener = ends.listen(
                key -> {
                    if (slow.compareAndSet(true, false)) {
                        first.countDown();
                        awaitQuietly(goOn);
                    }
                    return true;
                },
                ends.served::add);
        try (HtxConnection waiting = ends.connect(listener)) {
            first.await();
            ends.connect(listener).close();
            assertThat(ends.served.take()).isNotNull();
            assertThat(waiting.end()).isNull();
            goOn.countDown();
            assertThat(ends.served.take().remoteStatic()).hasSize(32);
        }
    }

    @Test
    void aHandlerThatThrowsFreesItsSession() throws Exception {
        final HtxListener listener = ends.listen(key -> true, connection -> {
            throw new IllegalArgumentException("the peer's first bytes are not a request");
        });
        final long keys = SecretKey.liveCount();
        final long bytes = TrackedArena.liveBytes();
        for (int i = 0; i < MANY; i++) {
            final HtxConnection connection = ends.connect(listener);
            assertThat(connection.awaitEnd()).isNotEqualTo(SessionEnd.CLOSED);
            connection.close();
        }
        EndpointPair.await("all are freed", () -> listener.open() == 0);
        assertThat(SecretKey.liveCount()).isEqualTo(keys);
        assertThat(TrackedArena.liveBytes()).isEqualTo(bytes);
        assertThat(listener.failures()).isEqualTo(MANY);
    }

    @Test
    void aHandlerThatForgetsItsConnectionKeepsNothingOfItOnceThePeerHasLeft() throws Exception {
        final HtxListener listener = ends.listen(key -> true, connection -> {});
        final long bytes = TrackedArena.liveBytes();
        for (int i = 0; i < MANY; i++) {
            ends.connect(listener).close();
        }
        // The last connection counts neither as a handshake nor as a session for a moment: its memory says when it is
        // over.
        EndpointPair.await("all are freed", () -> listener.open() == 0 && TrackedArena.liveBytes() == bytes);
    }

    @Test
    void aConnectionWithAStreamThatWasNotClosedCountsUntilItIs() throws Exception {
        final HtxListener listener = ends.listen();
        final HtxConnection connection = ends.connect(listener);
        final HtxStream near = connection.open();
        near.write(ByteBuffer.wrap(new byte[100]));
        near.finish();
        connection.close();
        final HtxConnection other = ends.served.take();
        other.awaitEnd();
        final HtxStream far = other.accept();
        assertThat(far.input().readAllBytes()).as("may be read after the end").hasSize(100);
        assertThat(listener.open()).isEqualTo(1);
        far.close();
        EndpointPair.await("it is freed", () -> listener.open() == 0);
        assertThatThrownBy(() -> far.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        other.close();
    }

    @Test
    void aReporterThatThrowsOrWaitsHarmsNobody() throws Exception {
        final CountDownLatch goOn = new CountDownLatch(1);
        final AtomicBoolean waits = new AtomicBoolean();
        try (HtxEndpoint server = HtxEndpoint.start(io.millrace.htx.session.SessionConfig.HTX1, failure -> {
            if (waits.compareAndSet(false, true)) {
                awaitQuietly(goOn);
            }
        })) {
            final HtxListener listener =
                    server.listen(EndpointPair.loopback(), ends.serverOf(key -> true, connection -> {
                        throw new IllegalStateException("no");
                    }));
            for (int i = 0; i < MANY; i++) {
                ends.connect(listener).close();
            }
            EndpointPair.await("all have failed", () -> server.failureCount() == MANY);
            goOn.countDown();
        }
    }

    @Test
    void aPeerThatOpensAndResetsStreamsFillsNothing() throws Exception {
        final HtxListener listener = ends.listen();
        final HtxConnection attacker = ends.connect(listener);
        final HtxConnection victim = ends.served.take();
        int mostWaiting = 0;
        int opened = 0;
        while (attacker.end() == null
                && opened < MOST_OPENED
                && !Thread.currentThread().isInterrupted()) {
            try {
                attacker.open().reset();
                opened++;
            } catch (IOException e) {
                Thread.onSpinWait(); // the limit is on its way
            }
            mostWaiting = Math.max(mostWaiting, victim.waiting());
        }
        assertThat(opened).isLessThan(MOST_OPENED);
        assertThat(mostWaiting).isLessThanOrEqualTo(128);
        assertThat(victim.awaitEnd()).isEqualTo(SessionEnd.PROTOCOL_ERROR);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
