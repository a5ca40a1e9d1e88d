package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.Frame;
import io.millrace.frame.FrameOpener;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import io.millrace.frame.ReceivingKeySchedule;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.test.LeakCheck;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The bounds of a session hold for configurations drawn from all that are allowed, against a peer that opens, ends and
 * resets streams of one byte and of many, and an application that reads, ends and releases them when it likes.
 */
@ExtendWith(LeakCheck.class)
class SessionBoundsTest {
    private static final int CONFIGURATIONS = 60;
    private static final int STEPS = 3_000;
    private static final int ROOM = 70_000;
    private static final int PIECE = 64 * BlockPool.BLOCK_LENGTH;

    @Test
    void holdForEveryAllowedConfiguration() {
        final long base = System.nanoTime();
        for (int i = 0; i < CONFIGURATIONS; i++) {
            final long seed = base + i;
            try (Run run = new Run(seed)) {
                run.go();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed, e);
            }
        }
    }

    /** Windows of a byte each: received bytes fit ten blocks, and its streams need a block each. */
    @Test
    void countsUnreadStreamsOfOneByteByTheirBlocks() {
        final SessionConfig config = config(1_024, 1, 1, 1, 1_000, 1);
        try (Run run = new Run(1, config)) {
            for (int i = 0; i < 1_000 && run.victim.session.end() == null; i++) {
                run.open(FrameType.FIN, 1);
                if (!run.victim.opened.isEmpty()) {
                    run.victim.opened.remove().finish();
                }
                run.hear();
            }
            run.requireBounds();
        }
    }

    @Test
    void areNumbersForTheLargestConfiguration() {
        final SessionConfig largest = config(Frame.HARD_MAX_LENGTH, 4_096, 1, 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(SendQueues.maxBlocks(largest)).isPositive();
    }

    private static SessionConfig config(int frame, int streams, int window, int maxWindow, int received, int queued) {
        return new SessionConfig(
                frame,
                streams,
                window,
                maxWindow,
                received,
                queued,
                new RekeyLimits(1_000, 1L << 30, Duration.ofSeconds(60)),
                PaddingPolicy.NONE,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
    }

    private static SessionConfig draw(SplittableRandom random) {
        final int streams = 1 << random.nextInt(8);
        final int window = 1 << random.nextInt(14);
        final int received = 2 * streams * window + random.nextInt(1 << random.nextInt(1, 22));
        return config(
                random.nextInt(1_024, Frame.HARD_MAX_LENGTH + 1),
                streams,
                window,
                window + random.nextInt(1 << random.nextInt(1, 20)),
                received,
                1 + random.nextInt(1 << random.nextInt(1, 18)));
    }

    /** A session, and a peer that has its keys. */
    private static final class Run implements AutoCloseable {
        private final SplittableRandom random;
        private final SessionConfig config;
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment memory = arena.allocate(ROOM, 64);
        private final MemorySegment heard = arena.allocate(1 << 20, 64);
        private final SessionUnderTest victim;
        private final SendingKeySchedule sending;
        private final ReceivingKeySchedule receiving;
        private final FrameSealer sealer;
        private final FrameOpener opener;
        private final List<SessionStream> streams = new ArrayList<>();
        private final List<Long> peerOpen = new ArrayList<>();
        private long nextId = 1;
        private long nowNs;

        Run(long seed) {
            this(seed, draw(new SplittableRandom(seed)));
        }

        Run(long seed, SessionConfig config) {
            this.random = new SplittableRandom(seed);
            this.config = config;
            this.victim = new SessionUnderTest(false, config, seed, 0);
            this.sending = SessionUnderTest.sendingKeys(1, config.rekey(), 0);
            this.receiving = SessionUnderTest.receivingKeys(2, config.rekey(), 0);
            this.sealer = new FrameSealer(arena, SessionUnderTest.CRYPTO, memory);
            this.opener = new FrameOpener(arena, SessionUnderTest.CRYPTO, heard, config.maxFrameLength());
        }

        void go() {
            for (int i = 0; i < STEPS && victim.session.end() == null; i++) {
                nowNs += random.nextInt(20_000_000);
                step();
                requireBounds();
            }
        }

        private void step() {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> open(random.nextInt(3) == 0 ? 0 : FrameType.FIN, payload());
                case 3 -> peer();
                case 4 -> hear();
                default -> application();
            }
        }

        private int payload() {
            final int most = Math.min(config.maxFrameLength() - 64, config.initialWindow());
            return random.nextBoolean() ? 1 : random.nextInt(most + 1);
        }

        void open(int flags, int length) {
            if (flags == 0) {
                peerOpen.add(nextId);
            }
            frame(FrameType.STREAM | flags, nextId, length);
            nextId += 2;
        }

        private void peer() {
            if (peerOpen.isEmpty()) {
                return;
            }
            final int at = random.nextInt(peerOpen.size());
            final long id = peerOpen.get(at);
            final int kind = random.nextInt(3);
            if (kind == 0) {
                number(FrameType.STREAM | FrameType.RESET, id, 1);
                peerOpen.remove(at);
            } else {
                frame(FrameType.STREAM | (kind == 1 ? FrameType.FIN : 0), id, 1);
                if (kind == 1) {
                    peerOpen.remove(at);
                }
            }
        }

        private void application() {
            streams.addAll(victim.opened);
            victim.opened.clear();
            if (random.nextInt(8) == 0) {
                final SessionStream own = victim.session.open(nowNs);
                if (own != null) {
                    streams.add(own);
                }
            }
            if (streams.isEmpty()) {
                return;
            }
            final SessionStream stream = streams.get(random.nextInt(streams.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> stream.finish();
                case 2 -> stream.read(memory, 0, random.nextInt(ROOM));
                case 3 -> {
                    if (!stream.finishWanted) {
                        stream.write(memory, 0, random.nextInt(ROOM));
                    }
                }
                default -> {
                    if (random.nextInt(4) == 0) {
                        stream.reset(1);
                        stream.release();
                        streams.remove(stream);
                    }
                }
            }
        }

        void requireBounds() {
            final Session session = victim.session;
            final long limit = (long) SendQueues.maxBlocks(config) * BlockPool.BLOCK_LENGTH + PIECE;
            assertThat(session.memoryBytes()).as("%s", config).isLessThanOrEqualTo(limit);
            assertThat(session.buffered()).as("%s", config).isLessThanOrEqualTo(config.maxReceived());
            assertThat(session.heldStreams()).as("%s", config).isLessThanOrEqualTo(2 * config.maxStreams());
            assertThat(session.streams()).as("%s", config).isLessThanOrEqualTo(2 * config.maxStreams());
        }

        private void frame(int type, long streamId, int length) {
            memory.asSlice(Frame.headerLength(streamId), length).fill((byte) 0x5a);
            give(sealer.seal(sending, 0, type, streamId, length, 0));
        }

        private void number(int type, long streamId, long value) {
            give(sealer.seal(
                    sending, 0, type, streamId, QuicVarint.write(memory, Frame.headerLength(streamId), value), 0));
        }

        private void give(int length) {
            victim.give(memory.asSlice(0, length).toArray(JAVA_BYTE), nowNs);
            if (sending.due(nowNs)) {
                final int number = QuicVarint.write(memory, Frame.headerLength(0), sending.generation() + 1);
                final int update = sealer.seal(sending, 0, FrameType.KEY_UPDATE, 0, number, 0);
                sending.advance(nowNs);
                victim.give(memory.asSlice(0, update).toArray(JAVA_BYTE), nowNs);
            }
        }

        /** Takes the victim's frames, answers its PINGs and gives it credit. */
        void hear() {
            final byte[] wire = victim.take(Integer.MAX_VALUE, nowNs);
            MemorySegment.copy(wire, 0, heard, JAVA_BYTE, 0, wire.length);
            for (int at = 0; at < wire.length; ) {
                final int length = opener.open(receiving, at, wire.length - at);
                assertThat(length).isPositive();
                final Frame frame = opener.frame();
                if (frame.type() == FrameType.KEY_UPDATE) {
                    receiving.advance(nowNs);
                } else if (frame.type() == FrameType.PING) {
                    MemorySegment.copy(heard, frame.payloadOffset(), memory, Frame.headerLength(0), Frame.PING_LENGTH);
                    give(sealer.seal(sending, 0, FrameType.PING | FrameType.ACK, 0, Frame.PING_LENGTH, 0));
                } else if (frame.type() == FrameType.STREAM && frame.payloadLength() > 0) {
                    number(FrameType.WINDOW_UPDATE, 0, 1 + frame.payloadLength());
                }
                at += length;
            }
        }

        @Override
        public void close() {
            victim.close();
            sending.close();
            receiving.close();
            arena.close();
        }
    }
}
