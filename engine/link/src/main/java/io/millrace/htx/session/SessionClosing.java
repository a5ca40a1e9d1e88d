package io.millrace.htx.session;

import io.millrace.frame.FrameType;

/**
 * How a session ends: by whom and why, and the CLOSE that says so. The application may ask for an end in order, which waits
 * until the streams have sent their data; everything else ends at once. The first reason remains.
 *
 * <p>Not thread safe.
 */
final class SessionClosing {
    private final SessionListener listener;
    private final long timeoutNs;
    private boolean shuttingDown;
    private boolean closeWanted;
    private boolean closeSent;
    private long closeCode;
    private long closeSentNs;
    private long drainNs;
    private boolean draining;
    private boolean drained;
    private SessionEnd end;
    private Violation violation;

    SessionClosing(SessionListener listener, SessionConfig config) {
        this.listener = listener;
        this.timeoutNs = config.timeout().toNanos();
    }

    /** Why the session is over; null while it is not. */
    SessionEnd end() {
        return end;
    }

    /** The rule that the peer broke; null if it broke none. */
    Violation violation() {
        return violation;
    }

    /** Whether this end has sent CLOSE, and sends nothing more. */
    boolean hasSentClose() {
        return closeSent;
    }

    /** Whether the session has ended. */
    boolean isOver() {
        return end != null;
    }

    /** Whether this end has asked for an end in order. */
    boolean isShuttingDown() {
        return shuttingDown;
    }

    /** Whether a stream may still be opened. */
    boolean mayOpen() {
        return !shuttingDown && !closeWanted && end == null;
    }

    /** Whether a stream may still take bytes to send, or an end. */
    boolean mayWrite() {
        return end == null && !closeSent;
    }

    /** Asks for an end in order, once the streams have sent their data. */
    void shutdown() {
        shuttingDown = true;
    }

    /** The streams have sent their data. */
    void closeInOrder() {
        close(Session.NO_ERROR);
    }

    /** Gives the session up. */
    void abort(SessionEnd reason) {
        if (end == null) {
            close(Session.ERROR);
            end(reason);
        }
    }

    /** The peer broke a rule. */
    void fail(Violation rule) {
        if (end == null) {
            violation = rule;
            abort(SessionEnd.PROTOCOL_ERROR);
        }
    }

    /** The peer says that it ends the session. */
    void onClose(long code) {
        close(Session.NO_ERROR);
        end(code == Session.NO_ERROR ? SessionEnd.CLOSED : SessionEnd.PEER_FAILED);
    }

    /** The carrier has ended without a CLOSE, or the keys are taken away. */
    void cut(SessionEnd reason) {
        if (end == null) {
            end(reason);
        }
    }

    /** Writes the CLOSE if it is wanted; whether nothing else may be sent. */
    boolean send(Outbox outbox, long nowNs) {
        if (closeWanted && !closeSent) {
            outbox.number(FrameType.CLOSE, 0, closeCode, nowNs);
            closeSent = true;
            closeSentNs = nowNs;
        }
        return closeSent || end != null;
    }

    /** Whether the carrier can go. */
    boolean isFinished(Outbox outbox) {
        return drained
                || end == SessionEnd.TRUNCATED
                || (end != null && outbox.isEmpty() && (closeSent || !closeWanted));
    }

    /** Whether the answer to this end's CLOSE has taken too long. */
    boolean timedOut(long nowNs) {
        return closeSent && nowNs - closeSentNs >= timeoutNs;
    }

    /** Bounds the time in which the last frames of a session that is over may leave. */
    void drain(Outbox outbox, long nowNs) {
        if (!draining) {
            draining = true;
            drainNs = nowNs;
        } else if (nowNs - drainNs >= timeoutNs) {
            giveUpDrain(outbox);
        }
    }

    /** The last frames do not leave any more. */
    void giveUpDrain(Outbox outbox) {
        drained = true;
        outbox.drop();
    }

    /** When this wants to be asked again, if it is before {@code deadlineNs}. */
    long deadlineNs(long deadlineNs) {
        if (end != null) {
            // Not drained yet: begun at the next look, and over a timeout later.
            return draining ? drainNs + timeoutNs : deadlineNs;
        }
        // Nothing is sent after CLOSE, so nothing else is due.
        return closeSent ? closeSentNs + timeoutNs : deadlineNs;
    }

    private void close(long code) {
        if (!closeWanted) {
            closeWanted = true;
            closeCode = code;
        }
    }

    private void end(SessionEnd reason) {
        end = reason;
        listener.onEnd(reason);
    }
}
