package io.millrace.htx;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.memory.TrackedArena;
import io.millrace.noise.NoiseTransport;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * One end of an {@code htx1} session over an ordered carrier: frames, streams, credit, keys, keepalive and end. It is made
 * from the keys of a finished handshake and of nothing else, so there is no session without encryption.
 *
 * <p>A state machine without I/O. Whoever drives it puts received bytes into {@link #inbound}, calls {@link #received},
 * then {@link #fill}, sends {@link #outbound}, and calls {@link #tick} at {@link #deadlineNs}. Nothing else has a clock.
 *
 * <p>Credit: each stream has a window of its own, and the sum of all windows fits {@link SessionConfig#maxReceived}. The
 * connection's credit is renewed as bytes arrive, up to that bound, not as they are read; so a stream that nobody reads
 * holds up no other. Sending takes turns: each stream with something to send has one largest frame per round.
 *
 * <p>Whatever rule a peer breaks, the session ends with the same CLOSE.
 *
 * <p>Threading: one thread at a time. Allocates per stream, not per frame.
 *
 * <p>Source: {@code src/docs/htx-sessions.md}.
 */
public final class Session implements AutoCloseable {
    /** Code of an orderly CLOSE, and of a reset without a reason. */
    public static final long NO_ERROR = 0;

    /** Code of every other CLOSE. */
    public static final long ERROR = 1;

    /** Code of a reset by an end that has no room for one more stream. */
    public static final long REFUSED = 2;

    private final TrackedArena arena = TrackedArena.shared();
    private final SessionConfig config;
    private final SessionListener listener;
    private final KeySchedule sendKeys;
    private final KeySchedule receiveKeys;
    private final Inbox inbox;
    private final Outbox outbox;
    private final BlockPool pool;
    private final Keepalive keepalive;
    private final StreamTable table;
    private final ReceiveCredit credit;
    private final SendTurns turns;

    private boolean pongWanted;
    private long pongValue;
    private boolean shuttingDown;
    private boolean closeWanted;
    private boolean closeSent;
    private long closeCode;
    private long closeSentNs;
    private long idleNs;
    private SessionEnd end;
    private Violation violation;

    /** Takes over the keys. For tests, and for {@link #over}. */
    Session(
            KeySchedule sendKeys,
            KeySchedule receiveKeys,
            boolean initiator,
            SessionConfig config,
            BatchCrypto crypto,
            Randomness randomness,
            SessionListener listener,
            long nowNs) {
        this.config = config;
        this.listener = listener;
        this.sendKeys = sendKeys;
        this.receiveKeys = receiveKeys;
        this.inbox = new Inbox(arena, crypto, receiveKeys, config);
        this.outbox = new Outbox(arena, crypto, sendKeys, config, nowNs);
        this.table = new StreamTable(initiator, config.maxStreams());
        this.credit = new ReceiveCredit(config, nowNs);
        this.pool = new BlockPool(arena, SendQueues.maxBlocks(config));
        this.keepalive = new Keepalive(arena, randomness, config, nowNs);
        this.turns = new SendTurns(outbox, config.initialWindow());
        drawSilence();
    }

    /**
     * Begins a session over a finished handshake.
     *
     * @param transport its keys, which are taken out of it.
     * @param initiator whether this end began the handshake.
     * @param crypto seals and opens the frames.
     * @param nowNs the monotonic clock, as for all further calls.
     */
    public static Session over(
            NoiseTransport transport,
            boolean initiator,
            SessionConfig config,
            BatchCrypto crypto,
            Randomness randomness,
            SessionListener listener,
            long nowNs) {
        try (SecretKey send = transport.send().takeKey();
                SecretKey receive = transport.receive().takeKey()) {
            return new Session(
                    new KeySchedule(send.segment(), config.rekey(), nowNs),
                    new KeySchedule(receive.segment(), config.rekey(), nowNs),
                    initiator,
                    config,
                    crypto,
                    randomness,
                    listener,
                    nowNs);
        }
    }

    // ---- the application's side

    /** Opens a stream; null if too many are open, or the session ends. */
    public SessionStream open(long nowNs) {
        if (shuttingDown || closeWanted || end != null || !table.mayOpen() || !credit.reserve(config.initialWindow())) {
            return null;
        }
        final SessionStream stream = new SessionStream(this, table.takeOwnId(), pool, nowNs);
        stream.reserved = true;
        table.put(stream);
        turns.announce(stream);
        return stream;
    }

    /** Ends the session in order: what is queued on streams is sent first, then CLOSE. */
    public void shutdown() {
        shuttingDown = true;
    }

    /** Ends the session now, with an error: what is queued is dropped. */
    public void abort() {
        if (end == null) {
            close(ERROR);
            end(SessionEnd.ABORTED);
        }
    }

    /** Why the session is over; null while it is not. */
    public SessionEnd end() {
        return end;
    }

    /** The rule that the peer broke; null if it broke none. */
    public Violation violation() {
        return violation;
    }

    /** Number of streams that are not ended in both directions. */
    public int streams() {
        return table.size();
    }

    /** Smoothed round-trip time in nanoseconds; 0 while it is not known. */
    public long rttNs() {
        return keepalive.rttNs();
    }

    /** Frames sealed so far. */
    public long framesSent() {
        return outbox.frames();
    }

    /** Number of the key that seals now, from 0. */
    public long keyGeneration() {
        return sendKeys.generation();
    }

    /** Keys of both directions that were made while a frame waited for them: none, if {@link #tick} comes often enough. */
    public long keysMadeLate() {
        return sendKeys.madeLate() + receiveKeys.madeLate();
    }

    /** Native bytes that the session holds. */
    public long memoryBytes() {
        return pool.allocatedBytes();
    }

    /** Bytes received and not read. */
    public int buffered() {
        return credit.buffered();
    }

    // ---- the carrier's side

    /** Where received bytes go. */
    public ByteBuffer inbound() {
        return inbox.room();
    }

    /** Works on what was put into {@link #inbound}. */
    public void received(long nowNs) {
        inbox.filled();
        while (end == null) {
            final int length = inbox.next();
            if (length == FrameOpener.INCOMPLETE) {
                return;
            }
            if (length < 0) {
                fail(Violation.FRAME);
            } else {
                handle(inbox.frame(), nowNs);
            }
        }
    }

    /** The carrier has ended in the peer's direction. */
    public void receivedEnd() {
        if (end == null) {
            end(SessionEnd.TRUNCATED);
        }
    }

    /** Seals what is to be sent, as far as {@link #outbound} has room. */
    public void fill(long nowNs) {
        while (outbox.hasRoom() && sendNext(nowNs)) {
            // each turn writes one frame
        }
    }

    /** Sealed frames; {@link #sent} takes them off. */
    public ByteBuffer outbound() {
        return outbox.bytes();
    }

    /** Takes {@code count} bytes off {@link #outbound}. */
    public void sent(int count) {
        outbox.sent(count);
    }

    /** Whether the carrier can go: the session is over and its last frame has left. */
    public boolean finished() {
        return end == SessionEnd.TRUNCATED || (end != null && outbox.isEmpty() && (closeSent || !closeWanted));
    }

    /** Does what time demands, and what is better done while nobody waits: makes the next keys. */
    public void tick(long nowNs) {
        if (end != null) {
            return;
        }
        if (keepalive.timedOut(nowNs)
                || (closeSent && nowNs - closeSentNs >= config.timeout().toNanos())) {
            close(ERROR);
            end(SessionEnd.TIMEOUT);
            return;
        }
        prepareKeys(nowNs);
    }

    /** Makes the next keys if it is time; cheap to ask for. */
    public void prepareKeys(long nowNs) {
        if (sendKeys.wantsPreparing(nowNs)) {
            sendKeys.prepare();
        }
        if (receiveKeys.wantsPreparing(nowNs)) {
            receiveKeys.prepare();
        }
    }

    /** When {@link #tick} and {@link #fill} are to be called at the latest. */
    public long deadlineNs() {
        long deadline = keepalive.deadlineNs();
        if (closeSent) {
            final long close = closeSentNs + config.timeout().toNanos();
            deadline = close - deadline < 0 ? close : deadline;
        }
        if (config.padding().padsSilence()) {
            final long idle = outbox.lastNs() + idleNs;
            deadline = idle - deadline < 0 ? idle : deadline;
        }
        return deadline;
    }

    /** Frees the memory and wipes the keys, whatever state the session is in. */
    @Override
    public void close() {
        if (end == null) {
            end(SessionEnd.ABORTED);
        }
        sendKeys.close();
        receiveKeys.close();
        arena.close();
    }

    // ---- what streams ask for

    SessionConfig config() {
        return config;
    }

    int write(SessionStream stream, MemorySegment source, long offset, int length) {
        if (end != null || stream.reset || closeSent) {
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
        if (!stream.finishWanted && !stream.reset && end == null) {
            stream.finishWanted = true;
            turns.enqueue(stream);
        }
    }

    void reset(SessionStream stream, long code) {
        if (end != null || stream.reset || (stream.sentEnd && stream.receivedEnd)) {
            return;
        }
        endByReset(stream);
        stream.resetWanted = true;
        stream.resetCode = code;
        turns.control(stream);
    }

    void discard(SessionStream stream) {
        stream.discarding = true;
        dropReceived(stream);
        turns.control(stream);
    }

    int read(SessionStream stream, MemorySegment target, long offset, int length) {
        final int count = Math.min(length, stream.receiveQueue.size());
        if (count > 0) {
            stream.receiveQueue.remove(target, offset, count);
            consumed(stream, count);
            return count;
        }
        if (stream.reset) {
            return SessionStream.GONE;
        }
        if (stream.receivedEnd) {
            return SessionStream.END;
        }
        return end != null ? SessionStream.GONE : 0;
    }

    // ---- receiving

    private void handle(Frame frame, long nowNs) {
        switch (frame.type()) {
            case FrameType.STREAM -> onStreamFrame(frame, nowNs);
            case FrameType.PING -> onPing(frame, nowNs);
            case FrameType.CLOSE -> onClose(frame.number(inbox.memory()));
            case FrameType.KEY_UPDATE -> onKeyUpdate(frame.number(inbox.memory()), nowNs);
            case FrameType.WINDOW_UPDATE -> onWindowUpdate(frame.streamId(), frame.number(inbox.memory()));
            case FrameType.PADDING -> {}
            default -> fail(Violation.PACKET);
        }
    }

    private void onPing(Frame frame, long nowNs) {
        final long value = inbox.memory().get(JAVA_LONG_UNALIGNED, frame.payloadOffset());
        if (!frame.has(FrameType.ACK)) {
            // A peer that sends more before it reads its answer gets one answer: nothing queues up.
            pongWanted = true;
            pongValue = value;
        } else if (!keepalive.pong(value, nowNs)) {
            fail(Violation.UNASKED_ANSWER);
        }
    }

    private void onClose(long code) {
        close(NO_ERROR);
        end(code == NO_ERROR ? SessionEnd.CLOSED : SessionEnd.PEER_FAILED);
    }

    private void onKeyUpdate(long generation, long nowNs) {
        if (generation != receiveKeys.generation() + 1) {
            fail(Violation.KEY_GENERATION);
            return;
        }
        receiveKeys.advance(nowNs);
    }

    private void onWindowUpdate(long id, long increment) {
        if (increment == 0) {
            fail(Violation.WINDOW);
            return;
        }
        if (id == 0) {
            if (!turns.addCredit(increment)) {
                fail(Violation.WINDOW);
            }
            return;
        }
        final SessionStream stream = table.get(id);
        if (stream == null) {
            // Credit for a stream that has ended meanwhile is late, not wrong.
            if (!table.wasOpened(id)) {
                fail(Violation.STREAM_ID);
            }
            return;
        }
        stream.sendCredit += increment;
        if (stream.sendCredit > QuicVarint.MAX) {
            fail(Violation.WINDOW);
            return;
        }
        turns.enqueue(stream);
    }

    private void onStreamFrame(Frame frame, long nowNs) {
        final boolean isReset = frame.has(FrameType.RESET);
        SessionStream stream = table.get(frame.streamId());
        if (stream == null) {
            if (table.wasOpened(frame.streamId())) {
                // A reset may cross the last frame of the other end; anything else comes after an end.
                if (!isReset) {
                    fail(Violation.AFTER_END);
                }
                return;
            }
            stream = accept(frame.streamId(), nowNs);
            if (stream == null) {
                fail(Violation.STREAM_ID);
                return;
            }
        }
        if (isReset) {
            onReset(stream, frame.number(inbox.memory()));
        } else if (stream.receivedEnd) {
            fail(Violation.AFTER_END);
        } else {
            onData(stream, frame, nowNs);
        }
    }

    private SessionStream accept(long id, long nowNs) {
        if (!table.takePeerId(id)) {
            return null;
        }
        final SessionStream stream = new SessionStream(this, id, pool, nowNs);
        stream.announced = true;
        table.put(stream);
        stream.reserved = credit.reserve(config.initialWindow());
        if (!stream.reserved || shuttingDown) {
            reset(stream, REFUSED);
        } else {
            listener.onOpened(stream);
        }
        return stream;
    }

    private void onData(SessionStream stream, Frame frame, long nowNs) {
        final int length = frame.payloadLength();
        if (length > stream.receiveCredit || !credit.arrived(length)) {
            fail(Violation.CREDIT);
            return;
        }
        stream.receiveCredit -= length;
        final boolean last = frame.has(FrameType.FIN);
        stream.receivedEnd = last;
        if (length > 0) {
            keepalive.onTraffic();
            credit.tune(length, nowNs, keepalive.rttNs());
            if (stream.discarding || stream.reset) {
                consumed(stream, length);
            } else {
                stream.receiveQueue.append(inbox.memory(), frame.payloadOffset(), length);
                tune(stream, length, nowNs);
            }
        }
        if (last) {
            releaseIfOver(stream);
        }
        if (!stream.discarding && !stream.reset && (length > 0 || last)) {
            listener.onReadable(stream);
        }
    }

    private void onReset(SessionStream stream, long code) {
        final boolean known = stream.reset;
        stream.receivedEnd = true;
        endByReset(stream);
        if (!stream.sentEnd && !stream.resetWanted) {
            stream.resetWanted = true;
            stream.resetCode = code;
            turns.control(stream);
        }
        releaseIfOver(stream);
        if (!known) {
            listener.onReadable(stream);
            listener.onWritable(stream);
        }
    }

    private void tune(SessionStream stream, int length, long nowNs) {
        final int before = stream.tuner.window();
        stream.tuner.onReceived(
                length, nowNs, keepalive.rttNs(), Math.min(config.maxStreamWindow(), before + credit.unreserved()));
        credit.reserve(stream.tuner.window() - before);
    }

    // ---- credit

    private void consumed(SessionStream stream, int count) {
        credit.read(count);
        if (stream.receivedEnd) {
            unreserveIfRead(stream);
        } else if (SendTurns.wantsCredit(stream)) {
            turns.control(stream);
        }
    }

    private void dropReceived(SessionStream stream) {
        final int count = stream.receiveQueue.size();
        stream.receiveQueue.clear();
        if (count > 0) {
            consumed(stream, count);
        }
    }

    private void unreserveIfRead(SessionStream stream) {
        if (stream.reserved && stream.receivedEnd && stream.receiveQueue.size() == 0) {
            stream.reserved = false;
            credit.reserve(-stream.tuner.window());
        }
    }

    // ---- sending

    /** Writes one frame; false if there is nothing to send now. */
    private boolean sendNext(long nowNs) {
        if (closeWanted && !closeSent) {
            sendClose(nowNs);
            return false;
        }
        if (closeSent || end != null) {
            return false;
        }
        return sendAnswer(nowNs) || sendTurn(nowNs) || sendLeisurely(nowNs);
    }

    private void sendClose(long nowNs) {
        outbox.number(FrameType.CLOSE, 0, closeCode, nowNs);
        closeSent = true;
        closeSentNs = nowNs;
    }

    private boolean sendAnswer(long nowNs) {
        if (pongWanted) {
            pongWanted = false;
            outbox.ping(FrameType.ACK, pongValue, nowNs);
            return true;
        }
        if (keepalive.due(nowNs)) {
            outbox.ping(0, keepalive.ping(nowNs), nowNs);
            return true;
        }
        final int grant = credit.grantDue();
        if (grant > 0) {
            credit.granted(grant);
            outbox.number(FrameType.WINDOW_UPDATE, 0, grant, nowNs);
            return true;
        }
        return false;
    }

    private boolean sendTurn(long nowNs) {
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

    /** Padding of silences, and the CLOSE that waited for the streams. */
    private boolean sendLeisurely(long nowNs) {
        if (shuttingDown && nothingQueued()) {
            closeCode = NO_ERROR;
            closeWanted = true;
            return true;
        }
        if (config.padding().padsSilence() && nowNs - outbox.lastNs() >= idleNs) {
            outbox.padding((int) keepalive.draw(3, config.padding().idleLength()), nowNs);
            drawSilence();
            return true;
        }
        return false;
    }

    private void drawSilence() {
        final PaddingPolicy padding = config.padding();
        if (padding.padsSilence()) {
            idleNs = keepalive.draw(
                    padding.idleMin().toNanos(), padding.idleMax().toNanos());
        }
    }

    private boolean nothingQueued() {
        final boolean[] queued = {false};
        table.forEach(stream -> queued[0] |= stream.sendQueue.size() > 0 || (stream.finishWanted && !stream.sentEnd));
        return !queued[0];
    }

    // ---- ends

    private void endByReset(SessionStream stream) {
        stream.reset = true;
        stream.sendQueue.clear();
        dropReceived(stream);
    }

    private void releaseIfOver(SessionStream stream) {
        if (stream.sentEnd && stream.receivedEnd && table.get(stream.id) == stream) {
            table.remove(stream);
        }
        unreserveIfRead(stream);
    }

    private void fail(Violation rule) {
        if (end == null) {
            violation = rule;
            close(ERROR);
            end(SessionEnd.PROTOCOL_ERROR);
        }
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
