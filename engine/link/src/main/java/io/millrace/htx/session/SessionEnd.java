package io.millrace.htx.session;

/** Why a session is over. A peer learns of no more than an orderly end or an error. */
public enum SessionEnd {
    /** Both ends said CLOSE. */
    CLOSED,

    /** The peer said CLOSE with an error. */
    PEER_FAILED,

    /** The peer broke a rule, or the bytes were tampered with. */
    PROTOCOL_ERROR,

    /** The peer did not answer in time. */
    TIMEOUT,

    /** The carrier ended without a CLOSE: received data may be incomplete. */
    TRUNCATED,

    /** This end gave up. */
    ABORTED
}
