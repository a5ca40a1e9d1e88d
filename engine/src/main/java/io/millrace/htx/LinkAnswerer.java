package io.millrace.htx;

import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The responder's side of one link: at most one handshake at a time, replaced by a newer one of the peer. What comes
 * twice is answered twice, without being computed twice. Not thread safe.
 */
final class LinkAnswerer implements AutoCloseable {
    /** Handshakes that the peer may begin at once, and the time after which it may begin one more. */
    private static final int BURST = 8;

    private static final long REFILL_NS = 500_000_000;

    private final LinkEnd end;
    private final LinkSessions sessions;
    private final LinkPort port;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(LinkMessage.MAX_LENGTH, 8);
    private final MemorySegment payload = arena.allocate(LinkMessage.INDEX_LENGTH);
    private final MemorySegment hash = arena.allocate(LinkMessage.HASH_LENGTH);
    private HandshakeState handshake;
    private MemorySegment answer;
    private MemorySegment done;
    private long attempt;
    private long lastClock = Long.MIN_VALUE;
    private int index;
    private int peerIndex;
    private long startedNs;
    private int allowance = BURST;
    private long refilledNs;
    private boolean refilled;

    LinkAnswerer(LinkEnd end, LinkSessions sessions, LinkPort port) {
        this.end = end;
        this.sessions = sessions;
        this.port = port;
    }

    /** The peer begins a handshake, or sends its first message again. */
    void onBegin(int origin, MemorySegment begin, LinkBeginner own, long nowNs) {
        final long clock = begin.get(LinkFrame.LE_LONG, LinkMessage.BODY_OFFSET);
        if (handshake != null && LinkMessage.attempt(begin) == attempt && clock == lastClock) {
            port.send(origin, answer);
        } else if (clock <= lastClock) {
            end.counters.fail(LinkFailure.REPLAYED);
        } else if (own.insists()) {
            end.counters.fail(LinkFailure.CROSSED);
        } else if (!mayBegin(nowNs)) {
            end.counters.fail(LinkFailure.LIMITED);
        } else {
            lastClock = clock;
            own.giveWay();
            startedNs = nowNs;
            answer(origin, begin);
        }
    }

    /** The last message has come; whether there is a new session to send under. */
    boolean onFinish(int origin, MemorySegment finish) {
        if (done != null && LinkMessage.attempt(finish) == attempt) {
            port.send(origin, done);
            return false;
        }
        if (handshake == null || LinkMessage.attempt(finish) != attempt) {
            end.counters.fail(LinkFailure.OUT_OF_TURN);
            return false;
        }
        final MemorySegment noise = finish.asSlice(
                LinkMessage.BODY_OFFSET, finish.byteSize() - LinkMessage.BODY_OFFSET - LinkMessage.MAC_LENGTH);
        if (handshake.readMessage(noise, (int) noise.byteSize(), payload) != 0) {
            end.counters.fail(LinkFailure.REFUSED);
            return false;
        }
        final NoiseTransport transport = handshake.split();
        reset();
        if (!end.isPeer(transport.remoteStatic())) {
            transport.close();
            end.counters.fail(LinkFailure.WRONG_KEY);
            return false;
        }
        LinkSessions.hashOf(transport, hash);
        final LinkSession session = sessions.make(transport, peerIndex, index);
        if (session == null) {
            end.counters.fail(LinkFailure.NO_ROOM);
            return false;
        }
        sessions.receive(session);
        end.counters.finish();
        LinkMessage.header(buffer, LinkMessage.DONE, attempt);
        done = end.messages.sign(buffer, 0, hash);
        port.bind(origin);
        port.send(origin, done);
        return true;
    }

    /** Gives a handshake up that does not go on; returns how much there was to do. */
    int poll(long nowNs) {
        if (handshake == null || nowNs - startedNs < end.timing.maxRetry().toNanos() * end.timing.transmissions()) {
            return 0;
        }
        end.counters.fail(LinkFailure.TIMEOUT);
        reset();
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

    private void answer(int origin, MemorySegment begin) {
        reset();
        end.counters.start();
        handshake = end.start(Role.RESPONDER);
        attempt = LinkMessage.attempt(begin);
        done = null;
        final long at = LinkMessage.BODY_OFFSET + (long) LinkMessage.CLOCK_LENGTH;
        final MemorySegment noise = begin.asSlice(at, begin.byteSize() - at - LinkMessage.MAC_LENGTH);
        if (handshake.readMessage(noise, (int) noise.byteSize(), payload) != LinkMessage.INDEX_LENGTH) {
            end.counters.fail(LinkFailure.REFUSED);
            reset();
            return;
        }
        peerIndex = Short.toUnsignedInt(payload.get(LinkFrame.BE_SHORT, 0));
        index = end.drawIndex(sessions);
        payload.set(LinkFrame.BE_SHORT, 0, (short) index);
        LinkMessage.header(buffer, LinkMessage.ANSWER, attempt);
        final int length =
                handshake.writeMessage(payload, LinkMessage.INDEX_LENGTH, buffer.asSlice(LinkMessage.BODY_OFFSET));
        if (length < 0) {
            end.counters.fail(LinkFailure.REFUSED);
            reset();
            return;
        }
        answer = end.messages.sign(buffer, length, MemorySegment.NULL);
        port.send(origin, answer);
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

    private void reset() {
        if (handshake != null) {
            handshake.close();
            handshake = null;
        }
    }
}
