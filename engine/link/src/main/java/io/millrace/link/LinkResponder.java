package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.noise.Role;
import java.lang.foreign.MemorySegment;

/**
 * The responder's side of one link: at most one handshake at a time, replaced by a newer one of the peer. A
 * repeated message is answered again without a second computation. Not thread safe.
 */
final class LinkResponder implements AutoCloseable {
    /** Handshakes that the peer may begin at once, and the time after which it may begin one more. */
    private static final int BURST = 8;

    private static final long REFILL_NS = 500_000_000;

    private final LinkEnd end;
    private final LinkPort port;
    private final LinkExchange exchange;
    private MemorySegment answer;
    private MemorySegment done;
    private long lastClock = Long.MIN_VALUE;
    private long crossedClock = Long.MIN_VALUE;
    private long startedNs;
    private int allowance = BURST;
    private long refilledNs;
    private boolean refilled;

    LinkResponder(LinkEnd end, LinkSessions sessions, LinkPort port) {
        this.end = end;
        this.port = port;
        this.exchange = new LinkExchange(end, sessions);
    }

    /**
     * The peer begins a handshake, or sends its first message again. A first message that is not newer than the last one
     * changes nothing but a counter: it may be a recording.
     *
     * @param own this end's handshake, which gives way to a new one of the peer.
     * @return whether a new handshake of the peer has begun.
     */
    boolean onBegin(int origin, MemorySegment begin, LinkInitiator own, long nowNs) {
        final long clock = begin.get(LE_LONG, LinkMessage.BODY_OFFSET);
        if (exchange.isUnderWay() && exchange.isOf(begin) && clock == lastClock) {
            port.send(origin, answer);
        } else if (!end.answers(LinkMessage.suite(begin))) {
            end.counters.fail(LinkFailure.WRONG_SUITE);
        } else if (clock <= lastClock) {
            end.counters.fail(LinkFailure.REPLAYED);
        } else if (own.insists()) {
            crossedClock = Math.max(crossedClock, clock);
            end.counters.fail(LinkFailure.CROSSED);
        } else if (!mayBegin(nowNs)) {
            end.counters.fail(LinkFailure.LIMITED);
        } else {
            lastClock = clock;
            own.giveWay();
            startedNs = nowNs;
            return answer(origin, begin);
        }
        return false;
    }

    /** This end's handshake is complete: the peer has given up those that it began before, so they are recordings now. */
    void onOwnFinished() {
        lastClock = Math.max(lastClock, crossedClock);
    }

    /** The last message has come; whether there is a new session to send under. */
    boolean onFinish(int origin, MemorySegment finish) {
        if (done != null && exchange.isOf(finish)) {
            port.send(origin, done);
            return false;
        }
        if (!exchange.isUnderWay() || !exchange.isOf(finish)) {
            end.counters.fail(LinkFailure.OUT_OF_TURN);
            return false;
        }
        if (!exchange.read(finish) || exchange.split() == null) {
            return false;
        }
        end.counters.finish();
        exchange.header(LinkMessage.DONE);
        done = exchange.sign();
        port.bind(origin);
        port.send(origin, done);
        return true;
    }

    /** Gives a handshake up that does not go on; returns how much there was to do. */
    int poll(long nowNs) {
        if (waitNs(nowNs) > 0) {
            return 0;
        }
        end.counters.fail(LinkFailure.TIMEOUT);
        exchange.reset();
        return 1;
    }

    /** How long {@link #poll} has nothing to do, in nanoseconds; negative if it is late. */
    long waitNs(long nowNs) {
        return exchange.isUnderWay()
                ? startedNs - nowNs + end.timing.maxRetry().toNanos() * end.timing.transmissions()
                : Long.MAX_VALUE;
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
        exchange.close();
    }

    private boolean answer(int origin, MemorySegment begin) {
        exchange.start(Role.RESPONDER, LinkMessage.attempt(begin), LinkMessage.suite(begin));
        done = null;
        if (!exchange.read(begin)) {
            exchange.reset();
            return false;
        }
        exchange.header(LinkMessage.ANSWER);
        answer = exchange.write(LinkMessage.ANSWER);
        if (answer == null) {
            exchange.reset();
            return false;
        }
        port.send(origin, answer);
        return true;
    }

    private boolean mayBegin(long nowNs) {
        if (!refilled) {
            refilled = true;
            refilledNs = nowNs;
        }
        final long earned = (nowNs - refilledNs) / REFILL_NS;
        if (earned > 0) {
            allowance = (int) Math.min(BURST, allowance + earned);
            refilledNs += earned * REFILL_NS;
        }
        if (allowance == 0) {
            return false;
        }
        allowance--;
        return true;
    }
}
