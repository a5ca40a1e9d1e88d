package io.millrace.htx.handshake;

import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseTransport;
import java.lang.foreign.MemorySegment;

/**
 * One handshake that was answered and waits for the third message. Belongs to one thread at a time.
 *
 * <p>Ends once: by {@link #finish} with a session, or by {@link #close(HandshakeVerdict)} with a reason.
 */
public final class ResponderHandshake implements AutoCloseable {
    private final HandshakeAcceptor responder;
    private final HandshakeState noise;
    private final long deadlineNs;
    private boolean ended;

    ResponderHandshake(HandshakeAcceptor responder, HandshakeState noise, long deadlineNs) {
        this.responder = responder;
        this.noise = noise;
        this.deadlineNs = deadlineNs;
    }

    /**
     * Whether it has waited too long; close it with {@link HandshakeVerdict#TIMED_OUT} then.
     *
     * @param nowNs present time in nanoseconds.
     */
    public boolean isExpired(long nowNs) {
        return nowNs - deadlineNs >= 0;
    }

    /**
     * Reads the third message.
     *
     * @param message native; the first {@code length} bytes.
     * @param length of the message in bytes.
     * @return the session's keys; or null. If the message is not authentic, which is counted, the handshake still waits:
     *     over a stream, {@linkplain #close() close} it. If the initiator is not welcome, it is over.
     *     An exception, of the predicate or of a wrong segment, comes through, and the handshake is over as
     *     {@link HandshakeVerdict#FAILED}.
     */
    public NoiseTransport finish(MemorySegment message, int length) {
        boolean waits = false;
        try {
            if (length > InitiatorHandshake.THIRD_LENGTH
                    || noise.readMessage(message, length, MemorySegment.NULL) < 0) {
                waits = true;
                responder.count(HandshakeVerdict.BAD_LAST_MESSAGE);
                return null;
            }
            if (!responder.isWelcome(noise.remoteStatic())) {
                close(HandshakeVerdict.UNKNOWN_PEER);
                return null;
            }
            final NoiseTransport transport = noise.split();
            ended = true;
            responder.ended(HandshakeVerdict.ESTABLISHED);
            return transport;
        } finally {
            // The predicate is a caller's code and may throw anything, and so may a wrong segment.
            if (!waits) {
                close(HandshakeVerdict.FAILED);
            }
        }
    }

    /** Gives it up as {@link HandshakeVerdict#ABANDONED}, if it has not ended. */
    @Override
    public void close() {
        close(HandshakeVerdict.ABANDONED);
    }

    /**
     * Gives it up, if it has not ended, and counts why.
     *
     * @param why counted, if the handshake has not ended.
     */
    public void close(HandshakeVerdict why) {
        if (!ended) {
            ended = true;
            noise.close();
            responder.ended(why);
        }
    }
}
