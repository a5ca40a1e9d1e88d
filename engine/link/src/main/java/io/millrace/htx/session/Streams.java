package io.millrace.htx.session;

import io.millrace.frame.Frame;
import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The streams of a session, from their opening by either end to their end in both directions: requests of the application
 * and of the peer, and the turn to send.
 *
 * <p>Not thread safe.
 */
final class Streams {
    private final SessionConfig config;
    private final SessionListener listener;
    private final SessionClosing closing;
    private final BlockPool pool;
    private final StreamTable table;
    private final SendTurns turns;
    private final StreamReceiver receiver;
    private final ResetBudget resets;

    Streams(
            Arena arena,
            boolean initiator,
            SessionConfig config,
            SessionListener listener,
            SessionClosing closing,
            SendTurns turns,
            StreamReceiver receiver,
            long nowNs) {
        this.config = config;
        this.listener = listener;
        this.closing = closing;
        this.pool = new BlockPool(arena, SendQueues.maxBlocks(config));
        this.table = new StreamTable(initiator, config.maxStreams());
        this.turns = turns;
        this.receiver = receiver;
        this.resets = new ResetBudget(config.maxStreams(), nowNs);
    }

    int size() {
        return table.size();
    }

    int held() {
        return table.held();
    }

    /** Native bytes that all queues hold. */
    long memoryBytes() {
        return pool.allocatedBytes();
    }

    /** Whether a stream still has something to send. */
    boolean areQueued() {
        final boolean[] queued = {false};
        table.forEach(stream ->
                queued[0] |= stream.sendQueue.size() > 0 || (stream.finishWanted && !stream.sentEnd && !stream.reset));
        return queued[0];
    }

    // ---- the application's side

    /** Opens a stream; null if too many are open, or the session ends. */
    SessionStream open(long nowNs) {
        if (!closing.mayOpen() || !table.mayOpen() || !receiver.hasRoom()) {
            return null;
        }
        final SessionStream stream = stream(table.takeOwnId(), nowNs);
        receiver.reserve(stream);
        table.hold(stream);
        turns.announce(stream);
        return stream;
    }

    int write(SessionStream stream, MemorySegment source, long offset, int length) {
        if (!closing.mayWrite() || stream.reset) {
            return SessionStream.GONE;
        }
        final int room = sendLimit() - stream.sendQueue.size();
        final int count = Math.min(length, Math.max(0, room));
        stream.writeBlocked = count < length;
        if (count > 0) {
            stream.sendQueue.append(source, offset, count);
            turns.enqueue(stream);
        }
        return count;
    }

    void finish(SessionStream stream) {
        if (!stream.finishWanted && !stream.reset && !closing.isOver()) {
            stream.finishWanted = true;
            turns.enqueue(stream);
        }
    }

    void reset(SessionStream stream, long code) {
        if (closing.isOver() || stream.reset || (stream.sentEnd && stream.receivedEnd)) {
            return;
        }
        endByReset(stream);
        wantReset(stream, code);
    }

    void release(SessionStream stream) {
        if (!table.release(stream)) {
            return;
        }
        discard(stream);
        if (stream.answerOwed) {
            stream.answerOwed = false;
            wantReset(stream, stream.resetCode);
        }
        releaseIfOver(stream);
    }

    void discard(SessionStream stream) {
        stream.discarding = true;
        receiver.drop(stream);
        turns.control(stream);
    }

    int read(SessionStream stream, MemorySegment target, long offset, int length) {
        final int count = receiver.read(stream, target, offset, length);
        if (count > 0) {
            return count;
        }
        if (stream.reset) {
            return SessionStream.GONE;
        }
        if (stream.receivedEnd) {
            return SessionStream.END;
        }
        return closing.isOver() ? SessionStream.GONE : 0;
    }

    boolean isOver(SessionStream stream) {
        return (stream.sentEnd && stream.receivedEnd) || closing.isOver();
    }

    // ---- the peer's side

    /** Whether a STREAM frame brings neither a stream, nor bytes, nor an end. */
    boolean isIdle(Frame frame) {
        final SessionStream stream = table.get(frame.streamId());
        if (stream == null) {
            return table.wasOpened(frame.streamId());
        }
        return frame.has(FrameType.RESET)
                ? stream.receivedEnd
                : frame.payloadLength() == 0 && !frame.has(FrameType.FIN);
    }

    /** A STREAM frame, whose payload is in {@code memory}. */
    void onFrame(Frame frame, MemorySegment memory, long nowNs) {
        final boolean isReset = frame.has(FrameType.RESET);
        SessionStream stream = table.get(frame.streamId());
        if (stream == null) {
            if (table.wasOpened(frame.streamId())) {
                // A reset may cross the last frame of the other end; anything else comes after an end.
                if (!isReset) {
                    closing.fail(Violation.AFTER_END);
                }
                return;
            }
            stream = accept(frame.streamId(), nowNs);
            if (stream == null) {
                closing.fail(Violation.STREAM_ID);
                return;
            }
        }
        if (isReset) {
            onReset(stream, frame.number(memory), nowNs);
        } else if (stream.receivedEnd) {
            closing.fail(Violation.AFTER_END);
        } else if (!receiver.onData(stream, frame, memory, nowNs)) {
            closing.fail(Violation.CREDIT);
        } else {
            received(stream, frame.payloadLength());
        }
    }

    /** Credit for the connection (id 0) or for a stream. */
    void onWindowUpdate(long id, long increment) {
        if (increment == 0 || (id == 0 && !turns.addCredit(increment))) {
            closing.fail(Violation.WINDOW);
        } else if (id != 0) {
            addCredit(id, increment);
        }
    }

    private void addCredit(long id, long increment) {
        final SessionStream stream = table.get(id);
        if (stream == null) {
            // Credit for a stream that has ended meanwhile is late, not wrong.
            if (!table.wasOpened(id)) {
                closing.fail(Violation.STREAM_ID);
            }
            return;
        }
        stream.sendCredit += increment;
        if (stream.sendCredit > QuicVarint.MAX) {
            closing.fail(Violation.WINDOW);
            return;
        }
        turns.enqueue(stream);
    }

    private SessionStream accept(long id, long nowNs) {
        if (!table.takePeerId(id)) {
            return null;
        }
        final SessionStream stream = stream(id, nowNs);
        stream.announced = true;
        if (!table.mayAccept() || closing.isShuttingDown() || !receiver.reserve(stream)) {
            reset(stream, Session.REFUSED);
            if (!resets.take(nowNs)) {
                closing.fail(Violation.RESETS);
            }
        } else {
            table.hold(stream);
            listener.onOpened(stream);
        }
        return stream;
    }

    private void received(SessionStream stream, int length) {
        if (stream.receivedEnd) {
            releaseIfOver(stream);
        }
        if (!stream.discarding && !stream.reset && (length > 0 || stream.receivedEnd)) {
            listener.onReadable(stream);
        }
    }

    private void onReset(SessionStream stream, long code, long nowNs) {
        final boolean known = stream.reset;
        if (!known && !resets.take(nowNs)) {
            closing.fail(Violation.RESETS);
            return;
        }
        stream.receivedEnd = true;
        endByReset(stream);
        if (!stream.sentEnd && !stream.resetWanted) {
            stream.resetCode = code;
            // The peer may open no other in its place before the application has let go of this one.
            stream.answerOwed = stream.held;
            if (!stream.held) {
                wantReset(stream, code);
            }
        }
        releaseIfOver(stream);
        if (!known) {
            listener.onReadable(stream);
            listener.onWritable(stream);
        }
    }

    // ---- sending

    /** Writes one frame of the stream whose turn it is; false if none has anything to send. */
    boolean sendTurn(long nowNs) {
        final SessionStream stream = turns.next(nowNs);
        if (stream == null) {
            return false;
        }
        releaseIfOver(stream);
        if (stream.writeBlocked && !stream.reset && 2 * stream.sendQueue.size() <= sendLimit()) {
            stream.writeBlocked = false;
            listener.onWritable(stream);
        }
        return true;
    }

    private int sendLimit() {
        return SendQueues.limit(config, table.size());
    }

    // ---- beginnings and ends

    private SessionStream stream(long id, long nowNs) {
        final SessionStream stream = new SessionStream(this, id, pool, config.initialWindow(), nowNs);
        table.put(stream);
        return stream;
    }

    private void wantReset(SessionStream stream, long code) {
        stream.resetWanted = true;
        stream.resetCode = code;
        turns.control(stream);
    }

    private void endByReset(SessionStream stream) {
        stream.reset = true;
        stream.sendQueue.clear();
        receiver.drop(stream);
    }

    private void releaseIfOver(SessionStream stream) {
        if (stream.sentEnd && stream.receivedEnd && table.get(stream.id) == stream) {
            table.remove(stream);
        }
        receiver.unreserveIfRead(stream);
    }
}
