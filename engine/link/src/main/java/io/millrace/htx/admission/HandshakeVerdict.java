package io.millrace.htx.admission;

/**
 * What became of a handshake at its responder. Each ends in exactly one of these; {@link #ANSWERED} and
 * {@link #BAD_LAST_MESSAGE} are on the way.
 */
public enum HandshakeVerdict {
    /** Admitted and answered; waits for the last message. */
    ANSWERED,

    /** Done: there is a session. */
    ESTABLISHED,

    /** The connection ended, or time ran out, before the first message was there as a whole. */
    INCOMPLETE,

    /** The first message has not the length of one. */
    BAD_LENGTH,

    /** It is of another version. */
    BAD_VERSION,

    /** The sender's network has begun more handshakes than its bucket allows. */
    RATE_LIMITED,

    /** No ticket key has that id in this hour, the last or the next. */
    UNKNOWN_TICKET,

    /** The ticket's MAC is wrong. */
    BAD_TICKET,

    /** The same first message was seen before; or, far beyond the tickets that are remembered exactly, may have been. */
    DUPLICATE_TICKET,

    /** The tickets of that hour were dropped, as the clock went elsewhere and has come back: it may be a replay. */
    TICKETS_FORGOTTEN,

    /** As many handshakes as are allowed wait for their last message. */
    TOO_MANY_PENDING,

    /** The ticket holds but the Noise message does not: other keys, or a key of low order. */
    BAD_FIRST_MESSAGE,

    /** The last message is not authentic; the handshake itself ends in another verdict. */
    BAD_LAST_MESSAGE,

    /** The initiator has proved a static key that is not welcome. */
    UNKNOWN_PEER,

    /** The last message did not come in time. */
    TIMED_OUT,

    /** The connection was lost, or the responder stopped, before the last message. */
    ABANDONED,

    /** This end failed after it had answered: the predicate that welcomes peers threw, or memory ran out. */
    FAILED
}
