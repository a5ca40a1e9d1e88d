package io.millrace.htx.session;

/** The rule that a peer broke, for counters at this end; the peer is told only that there was an error. */
public enum Violation {
    /** A frame that is forged, too long, malformed, or under a key that has served its time. */
    FRAME,

    /** A stream that the peer may not open: wrong parity, out of order, or too many at once. */
    STREAM_ID,

    /** More bytes than the stream or the connection had credit for. */
    CREDIT,

    /** Credit of nothing, or beyond the largest number. */
    WINDOW,

    /** Bytes on a stream after its sender had ended it. */
    AFTER_END,

    /** More streams opened and given up, or opened for which there is no room, than a session takes in its time. */
    RESETS,

    /** More frames without a byte of a stream than a session takes in its time: PING, credit, keys, padding. */
    CONTROL_FRAMES,

    /** An answer without a PING. */
    UNASKED_ANSWER,

    /** A KEY_UPDATE that does not name the next key. */
    KEY_GENERATION,

    /** A PACKET: a session between applications carries none. */
    PACKET
}
