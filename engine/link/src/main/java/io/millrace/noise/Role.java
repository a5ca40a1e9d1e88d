package io.millrace.noise;

/** Which side of a handshake. */
public enum Role {
    /** Sends the first message. */
    INITIATOR,

    /** Answers it. */
    RESPONDER
}
