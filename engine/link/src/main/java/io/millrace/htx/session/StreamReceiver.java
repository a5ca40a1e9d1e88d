package io.millrace.htx.session;

import io.millrace.frame.Frame;
import io.millrace.frame.FrameType;
import java.lang.foreign.MemorySegment;

/**
 * The receiving half of a session's streams: takes bytes in as far as there is credit for them, hands them to the
 * application, and grants credit again. The windows of all streams are reserved out of {@link SessionConfig#maxReceived}.
 *
 * <p>Not thread safe.
 */
final class StreamReceiver {
    private final SessionConfig config;
    private final Keepalive keepalive;
    private final SendTurns turns;
    private final ReceiveCredit credit;

    StreamReceiver(SessionConfig config, Keepalive keepalive, SendTurns turns, long nowNs) {
        this.config = config;
        this.keepalive = keepalive;
        this.turns = turns;
        this.credit = new ReceiveCredit(config, nowNs);
    }

    /** Bytes received and not read, over all streams. */
    int buffered() {
        return credit.buffered();
    }

    /** Reserves a new stream's window; false if nothing is left for it. */
    boolean reserve(SessionStream stream) {
        stream.reserved = credit.reserve(config.initialWindow());
        return stream.reserved;
    }

    /** Whether there is room for one more stream's window. */
    boolean hasRoom() {
        return credit.unreserved() >= config.initialWindow();
    }

    /**
     * Takes in the payload of a STREAM frame without RESET.
     *
     * @return false if there was no credit for it.
     */
    boolean onData(SessionStream stream, Frame frame, MemorySegment memory, long nowNs) {
        final int length = frame.payloadLength();
        if (length > stream.receiveCredit || !credit.arrived(length)) {
            return false;
        }
        stream.receiveCredit -= length;
        stream.receivedEnd = frame.has(FrameType.FIN);
        if (length > 0) {
            keepalive.onTraffic();
            credit.tune(length, nowNs, keepalive.rttNs());
            if (stream.discarding || stream.reset) {
                consumed(stream, length);
            } else {
                stream.receiveQueue.append(memory, frame.payloadOffset(), length);
                tune(stream, length, nowNs);
            }
        }
        return true;
    }

    /** As {@link SessionStream#read}; 0 if no bytes are there. */
    int read(SessionStream stream, MemorySegment target, long offset, int length) {
        final int count = Math.min(length, stream.receiveQueue.size());
        if (count > 0) {
            stream.receiveQueue.remove(target, offset, count);
            consumed(stream, count);
        }
        return count;
    }

    /** Drops received data of a stream that is read no more. */
    void drop(SessionStream stream) {
        final int count = stream.receiveQueue.size();
        stream.receiveQueue.clear();
        if (count > 0) {
            consumed(stream, count);
        }
    }

    /** Gives a stream's window back once its last byte is read. */
    void unreserveIfRead(SessionStream stream) {
        if (stream.reserved && stream.receivedEnd && stream.receiveQueue.size() == 0) {
            stream.reserved = false;
            credit.reserve(-stream.tuner.window());
        }
    }

    /** Writes a grant of the connection's credit if it is due; whether it did. */
    boolean sendGrant(Outbox outbox, long nowNs) {
        final int grant = credit.grantDue();
        if (grant == 0) {
            return false;
        }
        credit.granted(grant);
        outbox.number(FrameType.WINDOW_UPDATE, 0, grant, nowNs);
        return true;
    }

    private void consumed(SessionStream stream, int count) {
        credit.read(count);
        if (stream.receivedEnd) {
            unreserveIfRead(stream);
        } else if (SendTurns.wantsCredit(stream)) {
            turns.control(stream);
        }
    }

    private void tune(SessionStream stream, int length, long nowNs) {
        final int before = stream.tuner.window();
        stream.tuner.onReceived(
                length, nowNs, keepalive.rttNs(), Math.min(config.maxStreamWindow(), before + credit.unreserved()));
        credit.reserve(stream.tuner.window() - before);
    }
}
