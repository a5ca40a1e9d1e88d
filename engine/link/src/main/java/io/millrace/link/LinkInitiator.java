package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.noise.Role;
import java.lang.foreign.MemorySegment;

/**
 * The initiator's side of one link: at most one handshake at a time, its last message sent again until it is answered.
 * Not thread safe.
 */
final class LinkInitiator implements AutoCloseable {
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
    private final LinkPort port;
    private final int peerIndex;
    private final LinkExchange exchange;
    private final LinkSessions sessions;
    private State state = State.IDLE;
    private MemorySegment message;
    private LinkSession session;
    private long lastClock;
    private int transmissions;
    private long dueNs;

    LinkInitiator(LinkEnd end, LinkSessions sessions, LinkPort port, int peerIndex) {
        this.end = end;
        this.port = port;
        this.peerIndex = peerIndex;
        this.exchange = new LinkExchange(end, sessions);
        this.sessions = sessions;
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
        orReset(() -> beginNext(nowNs, clock));
    }

    private void beginNext(long nowNs, long clock) {
        lastClock = Math.max(lastClock + 1, clock);
        exchange.start(Role.INITIATOR, end.drawLong(), end.ownSuite());
        exchange.header(LinkMessage.BEGIN).set(LE_LONG, LinkMessage.BODY_OFFSET, lastClock);
        message = written(LinkMessage.BEGIN);
        state = State.BEGUN;
        transmissions = 0;
        transmit(nowNs);
    }

    /** Gives way to the peer's handshake. */
    void giveWay() {
        if (state != State.IDLE) {
            end.counters.fail(LinkFailure.CROSSED);
            giveUp();
        }
    }

    /** The answer has come. Its sender has the peer's key and this handshake's first message. */
    void onAnswer(int origin, MemorySegment answer, long nowNs) {
        if (state != State.BEGUN || !exchange.isOf(answer)) {
            end.counters.fail(LinkFailure.OUT_OF_TURN);
            return;
        }
        orReset(() -> finishAfter(origin, answer, nowNs));
    }

    private void finishAfter(int origin, MemorySegment answer, long nowNs) {
        if (!exchange.read(answer)) {
            return;
        }
        port.bind(origin);
        exchange.header(LinkMessage.FINISH);
        message = written(LinkMessage.FINISH);
        session = exchange.split();
        if (session == null) {
            reset();
            return;
        }
        sessions.sendOnceConfirmed();
        state = State.FINISHING;
        transmissions = 0;
        transmit(nowNs);
    }

    /** Whether {@code done} ends the handshake under way; its session can be sent under then. */
    boolean onDone(MemorySegment done) {
        if (state != State.FINISHING || !exchange.isOf(done)) {
            end.counters.fail(LinkFailure.OUT_OF_TURN);
            return false;
        }
        if (!end.messages.isAuthentic(done, exchange.hash())) {
            end.counters.fail(LinkFailure.FORGED);
            return false;
        }
        return finish();
    }

    /** Whether the peer sends under the new session, so that the handshake has ended though its last message is lost. */
    boolean isDoneAnyway() {
        return state == State.FINISHING && session.accepted() > 0 && finish();
    }

    /** Repeats due messages; gives up after enough. Returns how much there was to do. */
    int poll(long nowNs) {
        if (state == State.IDLE || nowNs - dueNs < 0) {
            return 0;
        }
        if (transmissions == end.timing.transmissions()) {
            end.counters.fail(LinkFailure.TIMEOUT);
            giveUp();
        } else {
            transmit(nowNs);
        }
        return 1;
    }

    /** How long {@link #poll} has nothing to do, in nanoseconds; negative if it is late. */
    long waitNs(long nowNs) {
        return state == State.IDLE ? Long.MAX_VALUE : dueNs - nowNs;
    }

    /** Names the session that was made last, and its handshake hash. */
    long attempt() {
        return exchange.attempt();
    }

    /** Whether that handshake was hybrid. */
    boolean isHybrid() {
        return exchange.isHybrid();
    }

    MemorySegment hash() {
        return exchange.hash();
    }

    @Override
    public void close() {
        reset();
        exchange.close();
    }

    private boolean finish() {
        end.counters.finish();
        reset();
        return true;
    }

    private MemorySegment written(int type) {
        final MemorySegment written = exchange.write(type);
        if (written == null) {
            throw new AssertionError("the peer's key was checked");
        }
        return written;
    }

    private void transmit(long nowNs) {
        transmissions++;
        dueNs = nowNs + end.drawRetryNs();
        port.send(peerIndex, message);
    }

    private void giveUp() {
        sessions.giveUp();
        reset();
    }

    /** Takes a step of the handshake; an exception ends it, and the next one begins anew. */
    private void orReset(Runnable step) {
        boolean complete = false;
        try {
            step.run();
            complete = true;
        } finally {
            if (!complete) {
                reset();
            }
        }
    }

    private void reset() {
        state = State.IDLE;
        session = null;
        exchange.reset();
    }
}
