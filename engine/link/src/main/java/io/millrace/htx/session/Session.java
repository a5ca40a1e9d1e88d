package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.Frame;
import io.millrace.frame.FrameOpener;
import io.millrace.frame.FrameType;
import io.millrace.frame.KeySchedule;
import io.millrace.frame.ReceivingKeySchedule;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.memory.TrackedArena;
import io.millrace.noise.NoiseTransport;
import java.nio.ByteBuffer;

/**
 * One end of an {@code htx1} session over an ordered carrier: frames, streams, credit, keys, keepalive and end. It is made
 * from the keys of a finished handshake and of nothing else, so there is no session without encryption.
 *
 * <p>A state machine without I/O. Its driver puts received bytes into {@link #inbound}, calls {@link #received},
 * then {@link #fill}, sends {@link #outbound}, and calls {@link #tick} at {@link #deadlineNs}. Nothing else has a clock.
 *
 * <p>Credit: each stream has its window, and the sum of all windows fits {@link SessionConfig#maxReceived}. The
 * connection's credit is renewed as bytes arrive, up to that bound, not as they are read; so a stream that is not
 * read holds up no other. Sending takes turns: each stream with something to send has one largest frame per round.
 *
 * <p>Whatever rule a peer breaks, the session ends with the same CLOSE.
 *
 * <p>Threading: one thread at a time. Allocates per stream, not per frame.
 *
 * <p>Source: {@code src/docs/specs/htx-sessions.md}.
 */
public final class Session implements AutoCloseable {
    /** Code of an orderly CLOSE, and of a reset without a reason. */
    public static final long NO_ERROR = 0;

    /** Code of every other CLOSE. */
    public static final long ERROR = 1;

    /** Code of a reset by an end that has no room for one more stream. */
    public static final long REFUSED = 2;

    private final TrackedArena arena = TrackedArena.shared();
    private final SendingKeySchedule sendKeys;
    private final ReceivingKeySchedule receiveKeys;
    private final long timeoutNs;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Keepalive keepalive;
    private final IdlePadding idlePadding;
    private final SessionClosing closing;
    private final StreamReceiver receiver;
    private final Streams streams;
    private final ControlBudget controls;
    private long dataFramesReceived;

    /** Takes over the keys, unless it throws. For tests, and for {@link #over}. */
    Session(
            SendingKeySchedule sendKeys,
            ReceivingKeySchedule receiveKeys,
            boolean initiator,
            SessionConfig config,
            BatchCrypto crypto,
            Randomness randomness,
            SessionListener listener,
            long nowNs) {
        this.sendKeys = sendKeys;
        this.receiveKeys = receiveKeys;
        this.timeoutNs = config.timeout().toNanos();
        boolean complete = false;
        try {
            this.inbox = new Inbox(arena, crypto, receiveKeys, config);
            this.outbox = new Outbox(arena, crypto, sendKeys, config, nowNs);
            this.keepalive = new Keepalive(arena, randomness, config, nowNs);
            this.idlePadding = new IdlePadding(config.padding(), keepalive);
            this.closing = new SessionClosing(listener, config);
            final SendTurns turns = new SendTurns(outbox, config.initialWindow());
            this.receiver = new StreamReceiver(config, keepalive, turns, nowNs);
            this.streams = new Streams(arena, initiator, config, listener, closing, turns, receiver, nowNs);
            this.controls = new ControlBudget(config.maxStreams(), nowNs);
            complete = true;
        } finally {
            if (!complete) {
                arena.close();
            }
        }
    }

    /**
     * Begins a session over a finished handshake.
     *
     * @param transport its keys, which are taken out of it.
     * @param initiator whether this end began the handshake.
     * @param config bounds, rekey limits and padding.
     * @param crypto seals and opens the frames.
     * @param randomness source of times and padding lengths.
     * @param listener called on the thread of the session.
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
        return transport.giveKeys((send, receive) -> {
            SendingKeySchedule sendKeys = null;
            ReceivingKeySchedule receiveKeys = null;
            Session session = null;
            try {
                sendKeys = new SendingKeySchedule(send, config.rekey(), nowNs);
                receiveKeys = new ReceivingKeySchedule(receive, config.rekey(), nowNs);
                session = new Session(sendKeys, receiveKeys, initiator, config, crypto, randomness, listener, nowNs);
                return session;
            } finally {
                if (session == null) {
                    close(sendKeys);
                    close(receiveKeys);
                }
            }
        });
    }

    private static void close(KeySchedule keys) {
        if (keys != null) {
            keys.close();
        }
    }

    // ---- the application's side

    /**
     * Opens a stream; null if too many are open, or the session ends.
     *
     * @param nowNs present time in nanoseconds.
     */
    public SessionStream open(long nowNs) {
        return streams.open(nowNs);
    }

    /** Ends the session in order: data queued on streams is sent first, then CLOSE. */
    public void shutdown() {
        closing.shutdown();
    }

    /** Ends the session now, with an error: queued data is dropped. */
    public void abort() {
        closing.abort(SessionEnd.ABORTED);
    }

    /** Why the session is over; null while it is not. */
    public SessionEnd end() {
        return closing.end();
    }

    /** The rule that the peer broke; null if it broke none. */
    public Violation violation() {
        return closing.violation();
    }

    /** Number of streams that are not ended in both directions. */
    public int streams() {
        return streams.size();
    }

    /** Number of streams that the application has not {@linkplain SessionStream#release released}, ended ones included. */
    public int heldStreams() {
        return streams.held();
    }

    /** Smoothed round-trip time in nanoseconds; 0 while it is not known. */
    public long rttNs() {
        return keepalive.rttNs();
    }

    /** Frames sealed so far. */
    public long framesSent() {
        return outbox.frames();
    }

    /** Frames with bytes of a stream so far, sealed and received. */
    public long dataFrames() {
        return outbox.dataFrames() + dataFramesReceived;
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
        return streams.memoryBytes();
    }

    /** Bytes received and not read. */
    public int buffered() {
        return receiver.buffered();
    }

    // ---- the carrier's side

    /** Where received bytes go. */
    public ByteBuffer inbound() {
        return inbox.room();
    }

    /**
     * Works on the bytes that were put into {@link #inbound}.
     *
     * @param nowNs present time in nanoseconds.
     */
    public void received(long nowNs) {
        inbox.filled();
        while (!closing.isOver()) {
            final int length = inbox.next();
            if (length == FrameOpener.INCOMPLETE) {
                return;
            }
            if (length < 0) {
                closing.fail(Violation.FRAME);
            } else {
                handle(inbox.frame(), nowNs);
            }
        }
    }

    /** The carrier has ended in the peer's direction. */
    public void receivedEnd() {
        closing.cut(SessionEnd.TRUNCATED);
    }

    /**
     * Seals waiting frames, as far as {@link #outbound} has room.
     *
     * @param nowNs present time in nanoseconds.
     */
    public void fill(long nowNs) {
        outbox.observe(nowNs);
        try {
            while (outbox.hasRoom() && sendNext(nowNs)) {
                // each turn writes one frame
            }
            if (closing.isOver()) {
                closing.drain(outbox, nowNs);
            } else if (!outbox.hasRoom() && outbox.hasPingRoom()) {
                keepalive.ask(outbox, nowNs);
            }
        } finally {
            outbox.sealAdded();
        }
    }

    /** Sealed frames; {@link #sent} takes them off. */
    public ByteBuffer outbound() {
        return outbox.bytes();
    }

    /** Whether {@link #outbound} has bytes. */
    public boolean hasOutbound() {
        return !outbox.isEmpty();
    }

    /**
     * Takes {@code count} bytes off {@link #outbound}.
     *
     * @param count bytes that the carrier took, 0 or more.
     */
    public void sent(int count) {
        outbox.sent(count);
    }

    /** Whether the carrier can go: the session is over and its last frame has left. */
    public boolean finished() {
        return closing.isFinished(outbox);
    }

    /**
     * Does the work that is due by time, and prepares the next keys while no frame waits.
     *
     * @param nowNs present time in nanoseconds.
     */
    public void tick(long nowNs) {
        outbox.observe(nowNs);
        if (closing.isOver()) {
            closing.drain(outbox, nowNs);
            return;
        }
        final boolean stuck = !outbox.isEmpty() && nowNs - outbox.movedNs() >= timeoutNs;
        if (stuck || keepalive.timedOut(nowNs) || closing.timedOut(nowNs)) {
            closing.abort(SessionEnd.TIMEOUT);
            if (stuck) {
                closing.giveUpDrain(outbox);
            }
            return;
        }
        prepareKeys(nowNs);
    }

    /**
     * Makes the next keys if it is time; cheap to ask for.
     *
     * @param nowNs present time in nanoseconds.
     */
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
        final long alive = closing.deadlineNs(keepalive.deadlineNs());
        if (closing.isOver()) {
            return alive;
        }
        final long stuck = outbox.movedNs() + timeoutNs;
        final long earlier = !outbox.isEmpty() && stuck - alive < 0 ? stuck : alive;
        return closing.hasSentClose() ? earlier : idlePadding.deadlineNs(outbox, earlier);
    }

    /**
     * The carrier is gone for good: wipes the keys. Bytes that were received can still be read; {@link #received} and
     * {@link #fill} must not be called any more.
     */
    public void disconnect() {
        closing.cut(SessionEnd.TRUNCATED);
        closeKeys();
    }

    /** Wipes the keys; frames that still wait for theirs, if a listener ends the session while it fills, are sealed before. */
    private void closeKeys() {
        try {
            outbox.sealAdded();
        } finally {
            sendKeys.close();
            receiveKeys.close();
        }
    }

    /** For tests that say more than a session would. */
    Outbox outbox() {
        return outbox;
    }

    /** Frees the memory and wipes the keys, whatever state the session is in. */
    @Override
    public void close() {
        closing.cut(SessionEnd.ABORTED);
        try {
            closeKeys();
        } finally {
            arena.close();
        }
    }

    // ---- receiving

    private void handle(Frame frame, long nowNs) {
        if (!isPaid(frame, nowNs)) {
            closing.fail(Violation.CONTROL_FRAMES);
            return;
        }
        switch (frame.type()) {
            case FrameType.STREAM -> streams.onFrame(frame, inbox.memory(), nowNs);
            case FrameType.PING -> onPing(frame, nowNs);
            case FrameType.CLOSE -> closing.onClose(frame.number(inbox.memory()));
            case FrameType.KEY_UPDATE -> onKeyUpdate(frame.number(inbox.memory()), nowNs);
            case FrameType.WINDOW_UPDATE -> streams.onWindowUpdate(frame.streamId(), frame.number(inbox.memory()));
            case FrameType.PADDING -> {}
            default -> closing.fail(Violation.PACKET);
        }
    }

    /** Bounds what brings neither bytes nor an end. */
    private boolean isPaid(Frame frame, long nowNs) {
        return switch (frame.type()) {
            case FrameType.STREAM -> isPaidOnStream(frame, nowNs);
            case FrameType.CLOSE, FrameType.PACKET -> true;
            default -> controls.take(outbox.dataFrames(), nowNs);
        };
    }

    private boolean isPaidOnStream(Frame frame, long nowNs) {
        if (streams.isIdle(frame)) {
            return controls.take(outbox.dataFrames(), nowNs);
        }
        if (frame.payloadLength() > 0 && !frame.has(FrameType.RESET)) {
            controls.earn();
            dataFramesReceived++;
        }
        if (frame.has(FrameType.RESET) || frame.has(FrameType.FIN)) {
            controls.earn();
        }
        return true;
    }

    /** Control frames of the peer that are not paid yet; for tests. */
    long controlDebt(long nowNs) {
        return controls.debt(nowNs);
    }

    private void onPing(Frame frame, long nowNs) {
        final long value = inbox.memory().get(JAVA_LONG_UNALIGNED, frame.payloadOffset());
        if (!frame.has(FrameType.ACK)) {
            keepalive.onPing(value);
        } else if (!keepalive.pong(value, nowNs)) {
            closing.fail(Violation.UNASKED_ANSWER);
        }
    }

    private void onKeyUpdate(long generation, long nowNs) {
        if (generation == receiveKeys.generation() + 1) {
            receiveKeys.advance(nowNs);
        } else {
            closing.fail(Violation.KEY_GENERATION);
        }
    }

    // ---- sending

    /** Writes one frame; false if there is nothing more to send now. */
    private boolean sendNext(long nowNs) {
        if (closing.send(outbox, nowNs)) {
            return false;
        }
        return keepalive.send(outbox, nowNs)
                || receiver.sendGrant(outbox, nowNs)
                || streams.sendTurn(nowNs)
                || sendLeisurely(nowNs);
    }

    /** Padding of silences, and the CLOSE that waited for the streams. */
    private boolean sendLeisurely(long nowNs) {
        if (closing.isShuttingDown() && !streams.areQueued()) {
            closing.closeInOrder();
            return true;
        }
        return idlePadding.send(outbox, nowNs);
    }
}
