package io.millrace.link;

import java.util.Locale;

/** Why a handshake, or a message of one, came to nothing. */
public enum LinkFailure {
    /** The peer did not answer, or not to the end. */
    TIMEOUT,
    /** A message without the pair's authenticator, or not one at all; nothing was computed for it. */
    FORGED,
    /** A first message that is not newer than the last one. */
    REPLAYED,
    /** A message that belongs to no handshake under way. */
    OUT_OF_TURN,
    /** More handshakes than the peer may begin in the time. */
    LIMITED,
    /** Noise refused the message. */
    REFUSED,
    /** A handshake without ML-KEM where it is required, or with it where it is off. */
    WRONG_SUITE,
    /** The handshake finished with another static key than the peer's. */
    WRONG_KEY,
    /** Given way to the handshake that the other end began at the same time. */
    CROSSED,
    /** A key epoch that the peer cannot have reached in the time since the session began. */
    BEYOND_TIME,
    /** No room for another session. */
    NO_ROOM,
    /** The link was up, and the peer went away. */
    LOST,
    /** The peer's configuration names this end by another id; nothing else was computed. */
    MISNAMED;

    /** Name for reports, such as {@code out-of-turn}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
