package io.millrace.rig.htx;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.htx.session.Session;
import io.millrace.htx.session.SessionConfig;
import io.millrace.htx.session.SessionListener;
import io.millrace.htx.session.SessionStream;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Two ends of a session in one thread, with a handshake between them and no socket. Not thread safe. */
final class SessionLoop implements AutoCloseable {
    private static final int MESSAGE_ROOM = 256;

    private final Session near;
    private final Session far;
    private final List<SessionStream> nearStreams = new ArrayList<>();
    private final List<SessionStream> farStreams = new ArrayList<>();
    private final MemorySegment buffer;

    /**
     * Makes the handshake and opens the streams.
     *
     * @param arena holds all buffers; outlives this.
     * @param streams 1 to the limit of a session.
     */
    SessionLoop(Arena arena, BatchCrypto crypto, Randomness randomness, int streams) {
        buffer = arena.allocate(1 << 16);
        final MemorySegment message = arena.allocate(MESSAGE_ROOM);
        try (X25519KeyPair initiatorKeys = X25519KeyPair.generate(randomness);
                X25519KeyPair responderKeys = X25519KeyPair.generate(randomness);
                HandshakeState initiator = HandshakeState.of(NoiseProtocol.XK_SHA256, Role.INITIATOR)
                        .localStatic(initiatorKeys)
                        .remoteStatic(responderKeys.publicKey())
                        .randomness(randomness)
                        .start();
                HandshakeState responder = HandshakeState.of(NoiseProtocol.XK_SHA256, Role.RESPONDER)
                        .localStatic(responderKeys)
                        .randomness(randomness)
                        .start()) {
            pass(initiator, responder, message);
            pass(responder, initiator, message);
            pass(initiator, responder, message);
            final SessionListener hears = new SessionListener() {
                @Override
                public void onOpened(SessionStream stream) {
                    farStreams.add(stream);
                }
            };
            final SessionConfig config = SessionConfig.HTX1;
            near = Session.over(
                    initiator.split(), true, config, crypto, randomness, new SessionListener() {}, System.nanoTime());
            far = Session.over(responder.split(), false, config, crypto, randomness, hears, System.nanoTime());
        }
        for (int i = 0; i < streams; i++) {
            nearStreams.add(near.open(System.nanoTime()));
        }
        while (farStreams.size() < streams) {
            carry(near, far, Integer.MAX_VALUE);
        }
    }

    /** Nanoseconds per frame of 1,024 bytes, written to the first stream and read from it, over {@code count}. */
    double frames(int count) {
        final SessionStream from = nearStreams.getFirst();
        final SessionStream to = farStreams.getFirst();
        final long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            from.write(buffer, 0, FrameLoop.PAYLOAD_LENGTH);
            carry(near, far, Integer.MAX_VALUE);
            if (to.read(buffer, 0, FrameLoop.PAYLOAD_LENGTH) != FrameLoop.PAYLOAD_LENGTH) {
                throw new AssertionError("lost");
            }
            carry(far, near, Integer.MAX_VALUE);
        }
        return (double) (System.nanoTime() - start) / count;
    }

    /** Nanoseconds per KiB of {@code count} writes of 64 KiB to the first stream, each read from it before the next. */
    double bulk(int count) {
        final SessionStream from = nearStreams.getFirst();
        final SessionStream to = farStreams.getFirst();
        final int length = (int) buffer.byteSize();
        final long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int written = 0;
            int read = 0;
            while (read < length) {
                written += from.write(buffer, 0, length - written);
                carry(near, far, Integer.MAX_VALUE);
                read += Math.max(0, to.read(buffer, 0, length));
                carry(far, near, Integer.MAX_VALUE);
            }
        }
        return (double) (System.nanoTime() - start) / count / (length >> 10);
    }

    /** Bytes that each stream moves while all have more to send than the path of {@code rounds} portions takes. */
    long[] share(int rounds, int portion) {
        final long[] moved = new long[nearStreams.size()];
        for (int round = 0; round < rounds; round++) {
            for (SessionStream stream : nearStreams) {
                stream.write(buffer, 0, (int) buffer.byteSize());
            }
            carry(near, far, portion);
            for (int i = 0; i < moved.length; i++) {
                moved[i] += Math.max(0, farStreams.get(i).read(buffer, 0, (int) buffer.byteSize()));
            }
            carry(far, near, Integer.MAX_VALUE);
        }
        return moved;
    }

    private static void carry(Session from, Session to, int limit) {
        final long now = System.nanoTime();
        from.fill(now);
        final ByteBuffer bytes = from.outbound();
        int left = Math.min(limit, bytes.remaining());
        while (left > 0) {
            final ByteBuffer room = to.inbound();
            final int count = Math.min(left, room.remaining());
            room.put(room.position(), bytes, bytes.position(), count).position(room.position() + count);
            from.sent(count);
            bytes.position(bytes.position() + count);
            to.received(now);
            left -= count;
        }
        if (to.end() != null) {
            throw new AssertionError("the session ended: " + to.violation());
        }
    }

    private static void pass(HandshakeState from, HandshakeState to, MemorySegment message) {
        final int length = from.writeMessage(MemorySegment.NULL, 0, message);
        if (length < 0 || to.readMessage(message, length, MemorySegment.NULL) < 0) {
            throw new AssertionError("the handshake failed");
        }
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
