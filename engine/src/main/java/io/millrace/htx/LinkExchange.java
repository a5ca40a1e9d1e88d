package io.millrace.htx;

import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The Noise messages of one link handshake at a time, in either role, as they stand in the bodies of {@link LinkMessage}s:
 * each but the last tells the other end an index of receiving. Failures are counted here. Of the handshake that ended
 * last, name and hash stay. Not thread safe.
 */
final class LinkExchange implements AutoCloseable {
    private final LinkEnd end;
    private final LinkSessions sessions;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(LinkMessage.MAX_LENGTH, 8);
    private final MemorySegment payload = arena.allocate(LinkMessage.INDEX_LENGTH);
    private final MemorySegment hash = arena.allocate(LinkMessage.HASH_LENGTH);
    private HandshakeState handshake;
    private long attempt;
    private int ownIndex;
    private int peerIndex;

    LinkExchange(LinkEnd end, LinkSessions sessions) {
        this.end = end;
        this.sessions = sessions;
    }

    /** Begins a handshake under that name; one under way is given up. */
    void start(Role role, long name) {
        reset();
        end.counters.start();
        attempt = name;
        ownIndex = end.drawIndex(sessions);
        handshake = end.start(role);
    }

    /** Whether a handshake is under way. */
    boolean isUnderWay() {
        return handshake != null;
    }

    /** Whether a message names the handshake that was begun last. */
    boolean isOf(MemorySegment message) {
        return LinkMessage.attempt(message) == attempt;
    }

    /** Name of the handshake that was begun last. */
    long attempt() {
        return attempt;
    }

    /** Handshake hash of the one that ended last, 32 bytes. */
    MemorySegment hash() {
        return hash;
    }

    /**
     * Reads a message; false, and counted, if it is not the peer's.
     *
     * @param fieldsLength length in bytes of what stands before Noise's message in the body.
     * @param payloadLength {@link LinkMessage#INDEX_LENGTH}, or 0.
     */
    boolean read(MemorySegment message, int fieldsLength, int payloadLength) {
        final long at = LinkMessage.BODY_OFFSET + (long) fieldsLength;
        final MemorySegment noise = message.asSlice(at, message.byteSize() - at - LinkMessage.MAC_LENGTH);
        if (handshake.readMessage(noise, (int) noise.byteSize(), payload) != payloadLength) {
            end.counters.fail(LinkFailure.REFUSED);
            return false;
        }
        if (payloadLength > 0) {
            peerIndex = Short.toUnsignedInt(payload.get(LinkFrame.BE_SHORT, 0));
        }
        return true;
    }

    /** Begins a message of that type; the fields of its body go behind the header. */
    MemorySegment header(int type) {
        LinkMessage.header(buffer, type, attempt);
        return buffer;
    }

    /**
     * Appends the next Noise message, and signs.
     *
     * @param fieldsLength length in bytes of what stands before it in the body.
     * @param payloadLength {@link LinkMessage#INDEX_LENGTH}, or 0.
     * @return the whole message, until the next is made; null, and counted, if a key of the peer is of low order.
     */
    MemorySegment write(int fieldsLength, int payloadLength) {
        payload.set(LinkFrame.BE_SHORT, 0, (short) ownIndex);
        final MemorySegment out = buffer.asSlice(LinkMessage.BODY_OFFSET + (long) fieldsLength);
        final int length = handshake.writeMessage(payload, payloadLength, out);
        if (length < 0) {
            end.counters.fail(LinkFailure.REFUSED);
            return null;
        }
        return end.messages.sign(buffer, fieldsLength + length, MemorySegment.NULL);
    }

    /** Signs a message without fields, under the hash of the handshake that ended last. */
    MemorySegment sign() {
        return end.messages.sign(buffer, 0, hash);
    }

    /** Makes a session of a handshake that is complete; null, and counted, if it is somebody else's or there is no room. */
    LinkSession split() {
        final NoiseTransport transport = handshake.split();
        reset();
        if (!end.isPeer(transport.remoteStatic())) {
            transport.close();
            end.counters.fail(LinkFailure.WRONG_KEY);
            return null;
        }
        hash.copyFrom(MemorySegment.ofArray(transport.handshakeHash()));
        final LinkSession session = sessions.make(transport, peerIndex, ownIndex);
        if (session == null) {
            end.counters.fail(LinkFailure.NO_ROOM);
            return null;
        }
        sessions.receive(session);
        return session;
    }

    /** Gives the handshake up, if one is under way. */
    void reset() {
        if (handshake != null) {
            handshake.close();
            handshake = null;
        }
    }

    @Override
    public void close() {
        reset();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
