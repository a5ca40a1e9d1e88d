package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.ConstantTime;
import io.millrace.crypto.Hkdf;
import io.millrace.crypto.MlKem768;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The messages with which two ends agree on a session, and the authenticator that every one of them carries: no
 * computation with public keys is made for a message that the other end has not sent.
 *
 * <pre>
 *  offset  length  field
 *       0       1  type
 *       1       1  version, 2
 *       2       1  suite       1: X25519, 2: X25519 and ML-KEM-768; 0 from type 4 on
 *       3       1  zero
 *       4       8  attempt     names the handshake, little endian
 *      12       n  body
 *    12+n      16  mac         BLAKE2b-128, salt: the sender's id
 *
 *  type  body
 *     1  begin: clock 8, little endian, rising | Noise message 1 with the beginner's index, 2 bytes, and in suite 2 an
 *        ephemeral encapsulation key, 1,184 bytes
 *     2  answer: Noise message 2 with the answerer's index, 2 bytes, and in suite 2 the ciphertext, 1,088 bytes
 *     3  finish: Noise message 3, no payload
 *     4  done: nothing
 *     5  probe: nonce 8 | epoch of the sender's key 8
 *     6  reply: the same nonce 8 | epoch of the sender's key 8
 * </pre>
 *
 * <p>The key of the authenticator follows from the two static keys alone (X25519, computed once per peer, then HKDF with
 * both ids). From type 4 on the handshake hash is authenticated too. None is longer than the message that it answers, but
 * for the finish, which goes to an end that has proven its address; none has the length of a packet frame.
 *
 * <p>Not thread safe.
 */
final class LinkMessage implements AutoCloseable {
    static final int BEGIN = 1;
    static final int ANSWER = 2;
    static final int FINISH = 3;
    static final int DONE = 4;
    static final int PROBE = 5;
    static final int REPLY = 6;

    static final int INDEX_LENGTH = 2;
    static final int MAC_LENGTH = 16;
    static final int ATTEMPT_OFFSET = 4;
    static final int BODY_OFFSET = 12;
    static final int CLOCK_LENGTH = 8;
    static final int PROBE_LENGTH = 16;
    static final int HASH_LENGTH = 32;

    /** Suite of an end that does not know ML-KEM: {@code XK}. */
    static final int CLASSICAL = 1;

    /** Suite of all others: {@code XKpsk3}, the pre-shared key being the secret of ML-KEM-768. */
    static final int HYBRID = 2;

    private static final int KEY_LENGTH = 32;
    private static final int LEAST_LENGTH = BODY_OFFSET + MAC_LENGTH;

    /** Longest message in bytes: a hybrid handshake's first. */
    static final int MAX_LENGTH =
            LEAST_LENGTH + CLOCK_LENGTH + KEY_LENGTH + INDEX_LENGTH + MlKem768.KEY_LENGTH + MAC_LENGTH;

    /** Length in bytes of a probe, and of its answer. */
    static final int PROBE_MESSAGE_LENGTH = LEAST_LENGTH + PROBE_LENGTH;

    private static final int SUITE_OFFSET = 2;
    private static final byte VERSION = 2;
    private static final byte[] SALT = "millrace htx1 link".getBytes(StandardCharsets.US_ASCII);

    private final Arena arena = Arena.ofShared();
    private final SecretKey key;
    private final MemorySegment ownId;
    private final MemorySegment peerId;
    private final MemorySegment input = arena.allocate(MAX_LENGTH + (long) HASH_LENGTH);
    private final MemorySegment mac = arena.allocate(MAC_LENGTH);

    /**
     * Derives the pair's key.
     *
     * @throws IllegalArgumentException if the peer's key is of low order.
     */
    LinkMessage(LinkIdentity own, byte[] peerPublicKey, byte[] peerId) {
        this(own, own.id(), peerPublicKey, peerId);
    }

    /** As {@link #LinkMessage(LinkIdentity, byte[], byte[])}, under another id of this end. */
    LinkMessage(LinkIdentity own, byte[] ownId, byte[] peerPublicKey, byte[] peerId) {
        this.ownId = arena.allocateFrom(JAVA_BYTE, ownId);
        this.peerId = arena.allocateFrom(JAVA_BYTE, peerId);
        final boolean ownIsLow = Arrays.compareUnsigned(ownId, peerId) < 0;
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment shared = scratch.allocate(X25519Keys.LENGTH);
            final MemorySegment okm = scratch.allocate(SecretKey.LENGTH);
            final MemorySegment info = scratch.allocate(2L * LinkKeys.ID_LENGTH);
            MemorySegment.copy(ownIsLow ? this.ownId : this.peerId, 0, info, 0, LinkKeys.ID_LENGTH);
            MemorySegment.copy(ownIsLow ? this.peerId : this.ownId, 0, info, LinkKeys.ID_LENGTH, LinkKeys.ID_LENGTH);
            try {
                if (!X25519Keys.sharedSecret(
                        shared, own.keys().secretKey(), scratch.allocateFrom(JAVA_BYTE, peerPublicKey))) {
                    throw new IllegalArgumentException("the peer's link key is of low order");
                }
                Hkdf.derive(okm, scratch.allocateFrom(JAVA_BYTE, SALT), shared, info);
                key = SecretKey.copyOf(okm);
            } finally {
                Wiping.wipe(shared);
                Wiping.wipe(okm);
            }
        }
    }

    /** Writes the header of a message; {@code suite} is 0 from {@link #DONE} on. */
    static void header(MemorySegment message, int type, int suite, long attempt) {
        message.set(JAVA_BYTE, 0, (byte) type);
        message.set(JAVA_BYTE, 1, VERSION);
        message.set(JAVA_BYTE, SUITE_OFFSET, (byte) suite);
        message.set(JAVA_BYTE, SUITE_OFFSET + 1L, (byte) 0);
        message.set(LE_LONG, ATTEMPT_OFFSET, attempt);
    }

    static int type(MemorySegment message) {
        return message.get(JAVA_BYTE, 0);
    }

    static long attempt(MemorySegment message) {
        return message.get(LE_LONG, ATTEMPT_OFFSET);
    }

    static int suite(MemorySegment message) {
        return message.get(JAVA_BYTE, SUITE_OFFSET);
    }

    /** Length in bytes of a message of that type and suite; -1 if there is no such type, or no such suite of it. */
    static int length(int type, int suite) {
        final boolean known = type < DONE ? suite == CLASSICAL || suite == HYBRID : suite == 0;
        return known ? knownLength(type, suite) : -1;
    }

    /** Length in bytes of Noise's payload in a handshake message of that type. */
    static int payloadLength(int type, int suite) {
        final boolean hybrid = suite == HYBRID;
        return switch (type) {
            case BEGIN -> INDEX_LENGTH + (hybrid ? MlKem768.KEY_LENGTH : 0);
            case ANSWER -> INDEX_LENGTH + (hybrid ? MlKem768.CIPHERTEXT_LENGTH : 0);
            default -> 0;
        };
    }

    /** Length in bytes of the part before Noise's message in the body of one of that type. */
    static int fieldsLength(int type) {
        return type == BEGIN ? CLOCK_LENGTH : 0;
    }

    private static int knownLength(int type, int suite) {
        return switch (type) {
            case BEGIN, ANSWER ->
                LEAST_LENGTH + fieldsLength(type) + KEY_LENGTH + payloadLength(type, suite) + MAC_LENGTH;
            case FINISH -> LEAST_LENGTH + KEY_LENGTH + 2 * MAC_LENGTH;
            case DONE -> LEAST_LENGTH;
            case PROBE, REPLY -> PROBE_MESSAGE_LENGTH;
            default -> -1;
        };
    }

    /** Whether {@code length} bytes may be a message, and not a frame or noise. */
    static boolean isPossible(long length) {
        return length >= LEAST_LENGTH && length <= MAX_LENGTH;
    }

    /**
     * Writes the authenticator behind header and body.
     *
     * @param bodyLength in bytes.
     * @param hash handshake hash, from {@link #DONE} on; empty before.
     * @return the whole message.
     */
    MemorySegment sign(MemorySegment message, int bodyLength, MemorySegment hash) {
        final long end = BODY_OFFSET + (long) bodyLength;
        compute(message, end, hash, ownId);
        MemorySegment.copy(mac, 0, message, end, MAC_LENGTH);
        return message.asSlice(0, end + MAC_LENGTH);
    }

    /** Whether the peer has written this message. */
    boolean isAuthentic(MemorySegment message, MemorySegment hash) {
        final long end = message.byteSize() - MAC_LENGTH;
        if (message.get(JAVA_BYTE, 1) != VERSION) {
            return false;
        }
        compute(message, end, hash, peerId);
        return ConstantTime.equal(mac, message.asSlice(end, MAC_LENGTH));
    }

    @Override
    public void close() {
        key.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private void compute(MemorySegment message, long end, MemorySegment hash, MemorySegment sender) {
        MemorySegment.copy(message, 0, input, 0, end);
        MemorySegment.copy(hash, 0, input, end, hash.byteSize());
        Blake2b.hash(mac, input.asSlice(0, end + hash.byteSize()), key.segment(), sender, MemorySegment.NULL);
    }
}
