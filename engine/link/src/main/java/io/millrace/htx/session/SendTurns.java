package io.millrace.htx.session;

import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import java.util.ArrayDeque;

/**
 * Whose turn it is to send: streams to announce in the order of their ids, then resets and credit, then data in rounds. In
 * each round every stream has as many bytes as one largest frame holds; one that has nothing to send, or no credit, is not
 * in the round.
 *
 * <p>Not thread safe. Allocates only while its queues grow.
 */
final class SendTurns {
    private final Outbox outbox;
    private final ArrayDeque<SessionStream> unannounced = new ArrayDeque<>();
    private final ArrayDeque<SessionStream> controls = new ArrayDeque<>();
    private final ArrayDeque<SessionStream> ready = new ArrayDeque<>();
    private long credit;

    /** @param credit the connection's, in bytes. */
    SendTurns(Outbox outbox, long credit) {
        this.outbox = outbox;
        this.credit = credit;
    }

    /** Takes in credit for the connection; false if that is more than there can be. */
    boolean addCredit(long increment) {
        credit += increment;
        return credit <= QuicVarint.MAX;
    }

    /** A stream that this end has opened. */
    void announce(SessionStream stream) {
        unannounced.add(stream);
    }

    /** A stream that may have become ready to send bytes, or its end. */
    void enqueue(SessionStream stream) {
        final boolean hasBytes = stream.sendQueue.size() > 0;
        final boolean sends = hasBytes ? stream.sendCredit > 0 : stream.finishWanted && !stream.sentEnd;
        if (sends && stream.announced && !stream.ready && !stream.reset) {
            stream.ready = true;
            ready.add(stream);
        }
    }

    /** A stream that may have a reset or credit to send. */
    void control(SessionStream stream) {
        if (!stream.controlled) {
            stream.controlled = true;
            controls.add(stream);
        }
    }

    /** Whether half of the stream's window is to be granted again. */
    static boolean wantsCredit(SessionStream stream) {
        return !stream.receivedEnd && !stream.reset && 2L * grant(stream) >= stream.tuner.window();
    }

    /** Writes one frame; returns its stream, or null if there is nothing to send now. */
    SessionStream next(long nowNs) {
        final SessionStream announced = unannounced.poll();
        if (announced != null) {
            announced.announced = true;
            outbox.data(announced, 0, false, nowNs);
            enqueue(announced);
            return announced;
        }
        final SessionStream controlled = sendControl(nowNs);
        return controlled != null ? controlled : sendData(nowNs);
    }

    private static int grant(SessionStream stream) {
        return stream.tuner.window() - stream.receiveCredit - stream.receiveQueue.size();
    }

    private SessionStream sendControl(long nowNs) {
        while (!controls.isEmpty()) {
            final SessionStream stream = controls.poll();
            stream.controlled = false;
            if (stream.resetWanted) {
                stream.resetWanted = false;
                stream.sentEnd = true;
                outbox.number(FrameType.STREAM | FrameType.RESET, stream.id, stream.resetCode, nowNs);
                return stream;
            }
            if (wantsCredit(stream)) {
                final int grant = grant(stream);
                stream.receiveCredit += grant;
                outbox.number(FrameType.WINDOW_UPDATE, stream.id, grant, nowNs);
                return stream;
            }
        }
        return null;
    }

    private SessionStream sendData(long nowNs) {
        for (int left = ready.size(); left > 0; left--) {
            final SessionStream stream = ready.peek();
            final int queued = stream.sendQueue.size();
            final int maxPayload = outbox.maxPayload(stream.id);
            stream.turn = stream.turn == 0 ? maxPayload : stream.turn;
            final int length = (int) Math.min(Math.min(queued, stream.turn), Math.min(credit, stream.sendCredit));
            final boolean last = stream.finishWanted && !stream.sentEnd && length == queued;
            if (stream.reset || (length == 0 && !last)) {
                // The connection's credit comes back to all: without it, a stream keeps its place in the round.
                rotate(stream, !stream.reset && queued > 0 && stream.sendCredit > 0);
                continue;
            }
            outbox.data(stream, length, last, nowNs);
            stream.sendCredit -= length;
            credit -= length;
            stream.turn -= length;
            stream.sentEnd |= last;
            final boolean more = stream.sendQueue.size() > 0 && stream.sendCredit > 0;
            if (!more || stream.turn == 0) {
                rotate(stream, more);
            }
            return stream;
        }
        return null;
    }

    private void rotate(SessionStream stream, boolean again) {
        ready.poll();
        if (again) {
            ready.add(stream);
        } else {
            stream.ready = false;
            stream.turn = 0;
        }
    }
}
