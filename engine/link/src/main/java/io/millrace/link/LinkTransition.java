package io.millrace.link;

import java.util.Objects;

/**
 * A session of a handshaked link that began, ended, or gave way to a newer one.
 *
 * <p>A handshake hash is Noise's {@code h} after the last message: both ends of the link have the same one, and no other
 * handshake has it.
 *
 * @param cause of the transition.
 * @param peerIndex index of the peer in its engine, 0 or more.
 * @param peerId id of the peer, 16 bytes; a copy.
 * @param began handshake hash of the session that began, 32 bytes; empty if the link is down from now on.
 * @param ended handshake hash of the session that ended, 32 bytes; empty if the link was down before.
 * @param nowNs when, by the clock of the thread that looks after the links, in nanoseconds.
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record LinkTransition(Cause cause, int peerIndex, byte[] peerId, byte[] began, byte[] ended, long nowNs) {
    /** Cause of a transition. Codes are stable: receipts contain them. */
    public enum Cause {
        /** The first handshake, or the first since the link was down, is complete. */
        UP(0),
        /** A newer handshake is complete; the link stayed up. */
        RENEWED(1),
        /** The peer answered no probe. */
        NO_ANSWER(2),
        /** The carrier has lost the connection to the peer. */
        DISCONNECTED(3),
        /** The keys became too old and no newer handshake was completed. */
        EXPIRED(4),
        /** This end stopped. */
        STOPPED(5);

        private final int code;

        Cause(int code) {
            this.code = code;
        }

        /** Stable code, 0 to 5. */
        public int code() {
            return code;
        }
    }

    /** Checks and copies. */
    public LinkTransition {
        Objects.requireNonNull(cause, "cause");
        if (peerIndex < 0 || peerId.length != LinkKeys.ID_LENGTH) {
            throw new IllegalArgumentException("a transition names a peer by an index and an id of 16 bytes: peerIndex="
                    + peerIndex + ", idLength=" + peerId.length);
        }
        final int beganLength = cause == Cause.UP || cause == Cause.RENEWED ? LinkMessage.HASH_LENGTH : 0;
        final int endedLength = cause == Cause.UP ? 0 : LinkMessage.HASH_LENGTH;
        if (began.length != beganLength || ended.length != endedLength) {
            throw new IllegalArgumentException("handshake hashes do not fit the cause: cause=" + cause
                    + ", beganLength=" + began.length + ", endedLength=" + ended.length);
        }
        peerId = peerId.clone();
        began = began.clone();
        ended = ended.clone();
    }

    /** Whether the link is up after the transition. */
    public boolean isUp() {
        return began.length > 0;
    }

    @Override
    public byte[] peerId() {
        return peerId.clone();
    }

    @Override
    public byte[] began() {
        return began.clone();
    }

    @Override
    public byte[] ended() {
        return ended.clone();
    }
}
