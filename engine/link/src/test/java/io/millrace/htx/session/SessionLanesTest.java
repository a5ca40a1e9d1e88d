package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.Frame;
import io.millrace.frame.FrameOpener;
import io.millrace.frame.ReceivingKeySchedule;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sessions hand the frames that wait to few calls of the provider, and no other end can tell. */
class SessionLanesTest {
    private static final int FRAME = 1_042;
    private static final SessionConfig CONFIG = config(60_000);

    /** So few bytes are queued that the outbox takes more than half of them. */
    private static final SessionConfig SHORT_QUEUE = config(6_000);

    private static SessionConfig config(int maxQueued) {
        return new SessionConfig(
                FRAME - Frame.LENGTH_FIELD,
                8,
                60_000,
                60_000,
                1 << 20,
                maxQueued,
                new RekeyLimits(40, 1L << 20, Duration.ofHours(1)),
                PaddingPolicy.NONE,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30));
    }

    @Test
    void sealsABigWriteAndOpensABigReadInFewCalls() {
        final VectorsUnderTest vectors = new VectorsUnderTest(1);
        try (SessionUnderTest a = new SessionUnderTest(true, CONFIG, 1, 0, vectors.crypto);
                SessionUnderTest b = new SessionUnderTest(false, CONFIG, 2, 0, vectors.crypto)) {
            final SessionStream stream = a.session.open(0);
            SessionUnderTest.settle(a, b, 0);
            vectors.seals.clear();
            vectors.opens.clear();
            SessionUnderTest.write(stream, new byte[7 * 1_000]);
            final byte[] wire = a.take(Integer.MAX_VALUE, 0);
            assertThat(vectors.seals).containsExactly(6, 1); // the last one is shorter
            b.give(Arrays.copyOf(wire, 5 * FRAME), 0);
            assertThat(vectors.opens).containsExactly(5);
            assertThat(b.opened.getFirst().readable()).isEqualTo(5 * 1_022);
        }
    }

    @Test
    void saysTheSameBytesWhateverTheProviderAndHowFramesAreCut() {
        final long seed = System.nanoTime();
        final byte[] one = conversation(seed, CryptoProviders.byName("sodium"));
        assertThat(one.length).as("seed=%d", seed).isGreaterThan(100 * FRAME);
        assertThat(conversation(seed, CryptoProviders.byName("auto")))
                .as("seed=%d", seed)
                .isEqualTo(one);
        assertThat(conversation(seed, new VectorsUnderTest(1).crypto))
                .as("seed=%d", seed)
                .isEqualTo(one);
        assertThat(conversation(seed, new VectorsUnderTest(3).crypto))
                .as("seed=%d", seed)
                .isEqualTo(one);
    }

    @Test
    void opensTheRestOfABatchAfterItsBytesWereMoved() {
        final VectorsUnderTest vectors = new VectorsUnderTest(1);
        try (Arena arena = Arena.ofConfined();
                SessionUnderTest a = new SessionUnderTest(true, CONFIG, 1, 0);
                ReceivingKeySchedule receiving = SessionUnderTest.receivingKeys(1, CONFIG.rekey(), 0)) {
            final Inbox inbox = new Inbox(arena, vectors.crypto, receiving, CONFIG);
            final SessionStream stream = a.session.open(0);
            inbox.room().put(a.take(FRAME, 0));
            inbox.filled();
            while (inbox.next() > 0) {
                // what opens the session and the stream
            }
            SessionUnderTest.write(stream, new byte[7 * 1_022]);
            vectors.opens.clear();
            inbox.room().put(a.take(5 * FRAME, 0));
            inbox.filled();
            assertThat(inbox.next()).isPositive();
            assertThat(vectors.opens).containsExactly(5);
            assertThat(inbox.room().position()).isLessThan(5 * FRAME);
            inbox.filled();
            for (int i = 0; i < 4; i++) {
                assertThat(inbox.next()).isEqualTo(FRAME);
            }
        }
    }

    /** Frames of one end to an end that uses libsodium one frame at a time, with many changes of key. */
    private static byte[] conversation(long seed, BatchCrypto crypto) {
        final SplittableRandom random = new SplittableRandom(seed);
        final java.io.ByteArrayOutputStream said = new java.io.ByteArrayOutputStream();
        try (SessionUnderTest a = new SessionUnderTest(true, CONFIG, 1, 0, crypto);
                SessionUnderTest b = new SessionUnderTest(false, CONFIG, 2, 0, CryptoProviders.byName("sodium"))) {
            final List<SessionStream> streams = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                streams.add(a.session.open(0));
            }
            long written = 0;
            long read = 0;
            for (int step = 0; step < 1_000; step++) {
                final byte[] bytes = new byte[random.nextInt(3) == 0 ? 1_000 : random.nextInt(4_000)];
                random.nextBytes(bytes);
                written += Math.max(0, SessionUnderTest.write(streams.get(random.nextInt(4)), bytes));
                final byte[] wire = a.take(random.nextInt(6 * FRAME), 0);
                said.writeBytes(wire);
                b.give(wire, 0);
                for (SessionStream stream : b.opened) {
                    read += SessionUnderTest.read(stream).length;
                }
                a.give(b.take(random.nextInt(6 * FRAME), 0), 0);
                assertThat(a.session.end()).as("seed=%d", seed).isNull();
                assertThat(b.session.violation()).as("seed=%d", seed).isNull();
            }
            assertThat(a.session.keyGeneration()).as("seed=%d", seed).isGreaterThan(2);
            assertThat(read).as("seed=%d", seed).isPositive().isLessThanOrEqualTo(written);
        }
        return said.toByteArray();
    }

    /** Asks for bytes, or ends the session, in the middle of {@link Session#fill}. */
    private static final class Meddler implements SessionListener, AutoCloseable {
        final List<byte[]> seen = new ArrayList<>();
        final Arena arena = Arena.ofConfined();
        final SendingKeySchedule sending = SessionUnderTest.sendingKeys(1, CONFIG.rekey(), 0);
        final Session session;
        boolean disconnects;

        Meddler() {
            session = new Session(
                    sending,
                    SessionUnderTest.receivingKeys(2, CONFIG.rekey(), 0),
                    true,
                    SHORT_QUEUE,
                    new VectorsUnderTest(1).crypto,
                    new SeededRandomness(1),
                    this,
                    0);
        }

        @Override
        public void onWritable(SessionStream stream) {
            seen.add(bytes());
            if (disconnects) {
                session.disconnect();
            }
        }

        /** Frames of zeros, until no more fit. */
        void writeFrames() {
            final SessionStream stream = session.open(0);
            stream.write(arena.allocate(60_000), 0, 60_000);
            session.fill(0);
        }

        byte[] bytes() {
            final ByteBuffer bytes = session.outbound();
            final byte[] copy = new byte[bytes.remaining()];
            bytes.get(bytes.position(), copy);
            return copy;
        }

        @Override
        public void close() {
            session.close();
            arena.close();
        }
    }

    @Test
    void showsNoPlaintextInTheMiddleOfFilling() {
        try (Meddler meddler = new Meddler()) {
            meddler.writeFrames();
            final byte[] sealed = meddler.bytes();
            assertThat(sealed.length).isGreaterThan(5 * FRAME);
            assertThat(meddler.seen).isNotEmpty();
            for (byte[] seen : meddler.seen) {
                assertThat(seen).isEqualTo(Arrays.copyOf(sealed, seen.length));
            }
        }
    }

    @Test
    void endsWithSealedFramesIfAListenerDisconnectsInTheMiddleOfFilling() {
        try (Meddler meddler = new Meddler();
                Arena arena = Arena.ofConfined();
                ReceivingKeySchedule receiving = SessionUnderTest.receivingKeys(1, CONFIG.rekey(), 0)) {
            meddler.disconnects = true;
            meddler.writeFrames();
            final byte[] sealed = meddler.bytes();
            assertThat(sealed.length).isPositive();
            final FrameOpener opener = new FrameOpener(
                    arena,
                    CryptoProviders.byName("sodium"),
                    arena.allocateFrom(JAVA_BYTE, sealed),
                    Frame.DEFAULT_MAX_LENGTH);
            for (int at = 0; at < sealed.length; ) {
                final int length = opener.open(receiving, at, sealed.length - at);
                assertThat(length).isPositive();
                at += length;
            }
            assertThat(meddler.session.end()).isEqualTo(SessionEnd.TRUNCATED);
        }
    }
}
