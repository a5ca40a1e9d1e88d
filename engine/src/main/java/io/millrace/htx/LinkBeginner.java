package io.millrace.htx;

import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The initiator's side of one link: at most one handshake at a time, its last message sent again until it is answered.
 * Not thread safe.
 */
final class LinkBeginner implements AutoCloseable {
    /** After so many transmissions this end no longer insists that its own handshake goes first. */
    private static final int INSISTING = 3;

    private enum State {
        /** No handshake. */
        IDLE,
        /** The first message is out. */
        BEGUN,
        /** The last message is out, and the peer has not said that it has come. */
        FINISHING
    }

    private final LinkEnd end;
    private final LinkSessions sessions;
    private final LinkPort port;
    private final int peerIndex;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(LinkMessage.MAX_LENGTH, 8);
    private final MemorySegment payload = arena.allocate(LinkMessage.INDEX_LENGTH);
    private final MemorySegment hash = arena.allocate(LinkMessage.HASH_LENGTH);
    private State state = State.IDLE;
    private HandshakeState handshake;
    private MemorySegment message;
    private LinkSession session;
    private long attempt;
    private long lastClock;
    private int index;
    private int transmissions;
    private long dueNs;

    LinkBeginner(LinkEnd end, LinkSessions sessions, LinkPort port, int peerIndex) {
        this.end = end;
        this.sessions = sessions;
        this.port = port;
        this.peerIndex = peerIndex;
    }

    boolean isIdle() {
        return state == State.IDLE;
    }

    /** Whether the peer's handshake that begins now has to wait for this one. */
    boolean insists() {
        return state != State.IDLE && end.goesFirst() && transmissions <= INSISTING;
    }

    /** Begins a handshake. */
    void begin(long nowNs, long clock) {
        end.counters.start();
        attempt = end.drawLong();
        index = end.drawIndex(sessions);
        lastClock = Math.max(lastClock + 1, clock);
        handshake = end.start(Role.INITIATOR);
        LinkMessage.header(buffer, LinkMessage.BEGIN, attempt);
        buffer.set(LinkFrame.LE_LONG, LinkMessage.BODY_OFFSET, lastClock);
        write(LinkMessage.BODY_OFFSET + LinkMessage.CLOCK_LENGTH, LinkMessage.INDEX_LENGTH);
        state = State.BEGUN;
        transmissions = 0;
        transmit(nowNs);
    }

    /** Gives way to the peer's handshake. */
    void giveWay() {
        if (state != State.IDLE) {
            end.counters.fail(LinkFailure.CROSSED);
            reset();
        }
    }

    /** The answer has come. */
    void onAnswer(MemorySegment answer, long nowNs) {
        if (state != State.BEGUN || LinkMessage.attempt(answer) != attempt) {
            end.counters.fail(LinkFailure.OUT_OF_TURN);
            return;
        }
        final MemorySegment noise = answer.asSlice(
                LinkMessage.BODY_OFFSET, answer.byteSize() - LinkMessage.BODY_OFFSET - LinkMessage.MAC_LENGTH);
        if (handshake.readMessage(noise, (int) noise.byteSize(), payload) != LinkMessage.INDEX_LENGTH) {
            end.counters.fail(LinkFailure.REFUSED);
            return;
        }
        final int sendIndex = Short.toUnsignedInt(payload.get(LinkFrame.BE_SHORT, 0));
        LinkMessage.header(buffer, LinkMessage.FINISH, attempt);
        write(LinkMessage.BODY_OFFSET, 0);
        final NoiseTransport transport = handshake.split();
        LinkSessions.hashOf(transport, hash);
        session = sessions.make(transport, sendIndex, index);
        if (session == null) {
            end.counters.fail(LinkFailure.NO_ROOM);
            reset();
            return;
        }
        sessions.receive(session);
        state = State.FINISHING;
        transmissions = 0;
        transmit(nowNs);
    }

    /** Whether {@code done} ends the handshake under way; its session can be sent under then. */
    boolean onDone(MemorySegment done) {
        if (state != State.FINISHING || LinkMessage.attempt(done) != attempt) {
            end.counters.fail(LinkFailure.OUT_OF_TURN);
            return false;
        }
        if (!end.messages.isAuthentic(done, hash)) {
            end.counters.fail(LinkFailure.FORGED);
            return false;
        }
        return finish();
    }

    /** Whether the peer sends under the new session, so that the handshake has ended though its last message is lost. */
    boolean isDoneAnyway() {
        return state == State.FINISHING && session.accepted() > 0 && finish();
    }

    /** Sends again what is due; gives up after enough. Returns how much there was to do. */
    int poll(long nowNs) {
        if (state == State.IDLE || nowNs - dueNs < 0) {
            return 0;
        }
        if (transmissions == end.timing.transmissions()) {
            end.counters.fail(LinkFailure.TIMEOUT);
            reset();
        } else {
            transmit(nowNs);
        }
        return 1;
    }

    /** Names the session that was made last, and its handshake hash. */
    long attempt() {
        return attempt;
    }

    MemorySegment hash() {
        return hash;
    }

    @Override
    public void close() {
        reset();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private boolean finish() {
        end.counters.finish();
        reset();
        return true;
    }

    /** Appends the next Noise message with this end's index, or nothing, as its payload. */
    private void write(int offset, int payloadLength) {
        payload.set(LinkFrame.BE_SHORT, 0, (short) index);
        final int length = handshake.writeMessage(payload, payloadLength, buffer.asSlice(offset));
        if (length < 0) {
            throw new AssertionError("the peer's key was checked: status=" + length);
        }
        message = end.messages.sign(buffer, offset - LinkMessage.BODY_OFFSET + length, MemorySegment.NULL);
    }

    private void transmit(long nowNs) {
        transmissions++;
        dueNs = nowNs + end.drawRetryNs();
        port.send(peerIndex, message);
    }

    private void reset() {
        state = State.IDLE;
        session = null;
        if (handshake != null) {
            handshake.close();
            handshake = null;
        }
    }
}
