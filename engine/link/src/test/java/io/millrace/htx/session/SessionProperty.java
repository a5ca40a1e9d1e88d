package io.millrace.htx.session;

import static io.millrace.fuzz.FuzzInput.require;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.frame.Frame;
import io.millrace.frame.FrameOpener;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import io.millrace.frame.ReceivingKeySchedule;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.fuzz.FuzzInput;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A session whose peer holds the right keys and sends whatever it likes, while the application does whatever it may. It
 * throws nothing, keeps its bounds, says only frames of the profile, and nothing after its CLOSE.
 */
public final class SessionProperty implements AutoCloseable {
    private static final SessionConfig CONFIG = new SessionConfig(
            Frame.DEFAULT_MAX_LENGTH,
            4,
            4_096,
            16_384,
            65_536,
            8_192,
            new RekeyLimits(24, 1L << 20, Duration.ofSeconds(60)),
            PaddingPolicy.IDLE,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));
    private static final int PAYLOADS = 2_000;
    private static final int ROOM = 20_000;

    /** Streams of both ends, each with a queue of sealed frames' worth in either direction, and one block begun. */
    private static final long MEMORY_LIMIT = (long) SendQueues.maxBlocks(CONFIG) * BlockPool.BLOCK_LENGTH;

    private final FuzzInput input;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(ROOM, 64);
    private final MemorySegment heard = arena.allocate(1 << 18, 64);
    private final SessionUnderTest victim = new SessionUnderTest(false, CONFIG, 3, 0);
    private final SendingKeySchedule sending = SessionUnderTest.sendingKeys(1, CONFIG.rekey(), 0);
    private final ReceivingKeySchedule receiving = SessionUnderTest.receivingKeys(2, CONFIG.rekey(), 0);
    private final FrameSealer sealer = new FrameSealer(arena, SessionUnderTest.CRYPTO, memory);
    private final FrameOpener opener = new FrameOpener(arena, SessionUnderTest.CRYPTO, heard, CONFIG.maxFrameLength());
    private final List<SessionStream> streams = new ArrayList<>();
    private long nowNs;
    private boolean closed;

    private SessionProperty(FuzzInput input) {
        this.input = input;
    }

    /** Each decision is one step of the peer, of the application, or of time. */
    public static void holds(FuzzInput input) {
        try (SessionProperty run = new SessionProperty(input)) {
            while (input.hasMore()) {
                run.step();
                run.requireBounds();
            }
            run.listen();
        }
    }

    private void step() {
        switch (input.next() & 15) {
            case 0, 1, 2, 3, 4 -> frame(FrameType.STREAM | (input.next() & 0xe0), input.next(24), input.next(PAYLOADS));
            case 5 -> frame(input.next(), input.next(24), input.next(32));
            case 6 -> number(FrameType.WINDOW_UPDATE, input.next(24), 1L << input.next(63) | input.next());
            case 7 -> keyUpdate(receivingGeneration() + (input.next() & 7) / 7);
            case 8 -> victim.give(input.bytes(input.next(64)), nowNs);
            case 9 -> time();
            case 10 -> listen();
            case 11 -> victim.session.prepareKeys(nowNs);
            default -> application();
        }
    }

    private void frame(int type, long streamId, int payloadLength) {
        final int at = Frame.headerLength(streamId);
        memory.asSlice(at, payloadLength).fill((byte) (payloadLength == 8 ? input.next() : 0x5a));
        final byte[] given = input.bytes(Math.min(payloadLength, 8));
        MemorySegment.copy(given, 0, memory, JAVA_BYTE, at, given.length);
        give(sealer.seal(sending, 0, type, streamId, payloadLength, (type & FrameType.PADDED) == 0 ? 0 : 3));
    }

    private void number(int type, long streamId, long value) {
        final int length = QuicVarint.write(memory, Frame.headerLength(streamId), Math.min(value, QuicVarint.MAX));
        give(sealer.seal(sending, 0, type, streamId, length, 0));
    }

    private void keyUpdate(long generation) {
        number(FrameType.KEY_UPDATE, 0, generation);
        sending.advance(nowNs);
    }

    private long receivingGeneration() {
        return sending.generation() + 1;
    }

    private void give(int length) {
        victim.give(memory.asSlice(0, length).toArray(JAVA_BYTE), nowNs);
    }

    private void time() {
        nowNs += 1L << input.next(36);
        victim.session.tick(nowNs);
    }

    private void application() {
        streams.addAll(victim.opened);
        victim.opened.clear();
        final int decision = input.next();
        if ((decision & 7) == 0) {
            final SessionStream own = victim.session.open(nowNs);
            if (own != null) {
                streams.add(own);
            }
        } else if (decision == 255) {
            victim.session.shutdown();
        } else if (decision == 254) {
            victim.session.receivedEnd();
        } else if (!streams.isEmpty()) {
            use(streams.get((decision >> 3) % streams.size()), decision & 7);
        }
    }

    private void use(SessionStream stream, int what) {
        switch (what) {
            case 1 -> stream.finish();
            case 2 -> stream.reset(input.next());
            case 3 -> stream.discardInput();
            case 4, 5 -> {
                final int count = stream.read(memory, 0, input.next(ROOM));
                require(count >= SessionStream.GONE, "a read says how many, or why none");
            }
            default -> {
                if (!stream.finishWanted) {
                    require(stream.write(memory, 0, input.next(ROOM)) <= ROOM, "a write takes no more than there is");
                }
            }
        }
    }

    private void requireBounds() {
        final Session session = victim.session;
        require(session.streams() <= 2 * CONFIG.maxStreams(), "the table of streams is bounded");
        require(session.buffered() <= CONFIG.maxReceived(), "what is not read is bounded");
        require(session.memoryBytes() <= MEMORY_LIMIT, "the queues' memory is bounded");
        require((session.end() == SessionEnd.PROTOCOL_ERROR) == (session.violation() != null), "an error has a rule");
        for (SessionStream stream : streams) {
            require(stream.unsent() <= CONFIG.maxQueued(), "what is not sent is bounded");
        }
    }

    /** Opens the session's frames, as its peer would. */
    private void listen() {
        for (byte[] wire = victim.take(Integer.MAX_VALUE, nowNs);
                wire.length > 0;
                wire = victim.take(Integer.MAX_VALUE, nowNs)) {
            require(!closed, "nothing is said after CLOSE");
            MemorySegment.copy(wire, 0, heard, JAVA_BYTE, 0, wire.length);
            for (int at = 0; at < wire.length; ) {
                final int length = opener.open(receiving, at, wire.length - at);
                require(length > 0, "a frame does not hold: status=" + -length);
                require(!closed, "nothing is said after CLOSE");
                hear(opener.frame());
                at += length;
            }
        }
    }

    private void hear(Frame frame) {
        if (frame.type() == FrameType.KEY_UPDATE) {
            require(frame.number(heard) == receiving.generation() + 1, "keys come in order");
            receiving.advance(nowNs);
        } else if (frame.type() == FrameType.CLOSE) {
            require(frame.number(heard) <= Session.ERROR, "an end has one of two codes");
            closed = true;
        }
        require(frame.type() != FrameType.PACKET, "sessions carry no packets");
    }

    @Override
    public void close() {
        victim.close();
        sending.close();
        receiving.close();
        arena.close();
        streams.forEach(stream -> require(stream.over(), "all is over"));
    }
}
