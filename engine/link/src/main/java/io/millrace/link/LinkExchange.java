package io.millrace.link;

import static io.millrace.memory.Layouts.BE_SHORT;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.MlKem768KeyPair;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * The Noise messages of one link handshake at a time, in either role, as in the bodies of {@link LinkMessage}s:
 * each but the last tells the other end an index of receiving, and in a hybrid handshake the first carries an ephemeral
 * encapsulation key and the second the ciphertext for it. Failures are counted here. Of the handshake that ended last,
 * name, suite and hash stay. An exception in the middle of a message ends the handshake and wipes its secrets. Not
 * thread safe.
 */
final class LinkExchange implements AutoCloseable {
    private final LinkEnd end;
    private final LinkSessions sessions;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(LinkMessage.MAX_LENGTH, 8);
    private final MemorySegment payload = arena.allocate(LinkMessage.INDEX_LENGTH + (long) MlKem768.KEY_LENGTH);
    private final MemorySegment ciphertext = arena.allocate(MlKem768.CIPHERTEXT_LENGTH);
    private final MemorySegment hash = arena.allocate(LinkMessage.HASH_LENGTH);
    private HandshakeState handshake;
    private MlKem768KeyPair kemKeys;
    private int suite;
    private long attempt;
    private int ownIndex;
    private int peerIndex;

    LinkExchange(LinkEnd end, LinkSessions sessions) {
        this.end = end;
        this.sessions = sessions;
    }

    /** Begins a handshake under that name; one under way is given up. */
    void start(Role role, long name, int ofSuite) {
        reset();
        suite = ofSuite;
        end.counters.start();
        attempt = name;
        ownIndex = end.drawIndex(sessions);
        orReset(() -> {
            handshake = end.start(role, suite);
            if (isHybrid() && role == Role.INITIATOR) {
                kemKeys = end.drawKemKeys();
            }
            return null;
        });
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

    /** Whether the handshake that was begun last is hybrid. */
    boolean isHybrid() {
        return suite == LinkMessage.HYBRID;
    }

    /** Handshake hash of the one that ended last, 32 bytes. */
    MemorySegment hash() {
        return hash;
    }

    /** Reads a message of the handshake; false, and counted, if it is not the peer's. */
    boolean read(MemorySegment message) {
        return orReset(() -> readMessage(message));
    }

    private boolean readMessage(MemorySegment message) {
        final int type = LinkMessage.type(message);
        final long at = LinkMessage.BODY_OFFSET + (long) LinkMessage.fieldsLength(type);
        final MemorySegment noise = message.asSlice(at, message.byteSize() - at - LinkMessage.MAC_LENGTH);
        final int payloadLength = LinkMessage.payloadLength(type, suite);
        if (LinkMessage.suite(message) != suite
                || handshake.readMessage(noise, (int) noise.byteSize(), payload) != payloadLength
                || !agree(type)) {
            end.counters.fail(LinkFailure.REFUSED);
            return false;
        }
        if (payloadLength > 0) {
            peerIndex = Short.toUnsignedInt(payload.get(BE_SHORT, 0));
        }
        return true;
    }

    /** Begins a message of that type; the fields of its body go behind the header. */
    MemorySegment header(int type) {
        LinkMessage.header(buffer, type, type < LinkMessage.DONE ? suite : 0, attempt);
        return buffer;
    }

    /**
     * Appends the next Noise message, and signs.
     *
     * @param type of the message, as in its header.
     * @return the whole message, until the next is made; null, and counted, if a key of the peer is of low order.
     */
    MemorySegment write(int type) {
        return orReset(() -> writeMessage(type));
    }

    private MemorySegment writeMessage(int type) {
        payload.set(BE_SHORT, 0, (short) ownIndex);
        if (isHybrid() && type == LinkMessage.BEGIN) {
            MemorySegment.copy(kemKeys.publicKey(), 0, payload, LinkMessage.INDEX_LENGTH, MlKem768.KEY_LENGTH);
        } else if (isHybrid() && type == LinkMessage.ANSWER) {
            MemorySegment.copy(ciphertext, 0, payload, LinkMessage.INDEX_LENGTH, MlKem768.CIPHERTEXT_LENGTH);
        }
        final int fieldsLength = LinkMessage.fieldsLength(type);
        final MemorySegment out = buffer.asSlice(LinkMessage.BODY_OFFSET + (long) fieldsLength);
        final int length = handshake.writeMessage(payload, LinkMessage.payloadLength(type, suite), out);
        if (length < 0) {
            end.counters.fail(LinkFailure.REFUSED);
            return null;
        }
        return end.messages.sign(buffer, fieldsLength + length, MemorySegment.NULL);
    }

    /** Takes the KEM's share out of the payload that was read; false if that is no key. */
    private boolean agree(int type) {
        if (!isHybrid() || type == LinkMessage.FINISH) {
            return true;
        }
        return handshake.writePsk(psk -> type == LinkMessage.ANSWER ? decapsulate(psk) : encapsulate(psk));
    }

    private boolean decapsulate(MemorySegment psk) {
        kemKeys.decapsulate(payload.asSlice(LinkMessage.INDEX_LENGTH, MlKem768.CIPHERTEXT_LENGTH), psk);
        forgetKemKeys();
        return true;
    }

    private boolean encapsulate(MemorySegment psk) {
        return end.encapsulate(payload.asSlice(LinkMessage.INDEX_LENGTH, MlKem768.KEY_LENGTH), ciphertext, psk);
    }

    private void forgetKemKeys() {
        if (kemKeys != null) {
            kemKeys.close();
            kemKeys = null;
        }
    }

    /** Signs a message without fields, under the hash of the handshake that ended last. */
    MemorySegment sign() {
        return end.messages.sign(buffer, 0, hash);
    }

    /** Makes a session of a handshake that is complete; null, and counted, if it is another peer's or there is no room. */
    LinkSession split() {
        try (NoiseTransport transport = orReset(handshake::split)) {
            reset();
            if (!end.isPeer(transport.remoteStatic())) {
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
    }

    /** Takes a step of the handshake, which is given up if that throws. */
    private <T> T orReset(Supplier<T> step) {
        boolean complete = false;
        try {
            final T result = step.get();
            complete = true;
            return result;
        } finally {
            if (!complete) {
                reset();
            }
        }
    }

    /** Gives the handshake up, if one is under way. */
    void reset() {
        if (handshake != null) {
            handshake.close();
            handshake = null;
        }
        forgetKemKeys();
    }

    @Override
    public void close() {
        reset();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
