package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The probes of one link's established session: they find out whether the peer is still there, and tell it the epoch of
 * this end's keys, so that it catches up after an outage.
 *
 * <p>A frame is never a reason to probe: without its key, a frame of a later epoch and a forged one look the same. The
 * sender tells a new epoch instead, until it is confirmed. A peer's word about its epoch is believed as far as frames can
 * have been sent since the session began; the keys are then made in slices, one a millisecond.
 *
 * <p>Not thread safe.
 */
final class LinkProbes implements AutoCloseable {
    /** Probes without an answer after which the peer is gone. */
    private static final int PROBES = 5;

    /** Least time of an generation: 2^16 frames at 4.2 million frames a second. */
    private static final long EPOCH_NS = 15_625_000;

    private static final long SLICE_NS = 1_000_000;

    private final LinkEnd end;
    private final LinkPort port;
    private final int peerIndex;
    private final long slackNs;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(LinkMessage.PROBE_MESSAGE_LENGTH, 8);
    private final MemorySegment hash = arena.allocate(LinkMessage.HASH_LENGTH);
    private LinkSession session;
    private long attempt;
    private long beganNs;
    private long heardNs;
    private long heardCount;
    private int unanswered;
    private long probedNs;
    private long probeNonce;
    private long confirmedEpoch;
    private long toldEpoch;
    private long toldNs;
    private long toldNonce;
    private long slicedNs;

    LinkProbes(LinkEnd end, LinkPort port, int peerIndex) {
        this.end = end;
        this.port = port;
        this.peerIndex = peerIndex;
        // The peer may send before this end knows that the handshake is complete: by all transmissions of its last
        // message.
        this.slackNs = end.timing.maxRetry().toNanos() * end.timing.transmissions();
    }

    /**
     * Begins to look after a session.
     *
     * @param name of its handshake.
     * @param handshakeHash 32 bytes, copied.
     */
    void begin(LinkSession established, long name, MemorySegment handshakeHash, long nowNs) {
        session = established;
        attempt = name;
        hash.copyFrom(handshakeHash);
        beganNs = nowNs;
        heardCount = established.accepted();
        confirmedEpoch = 0;
        toldEpoch = 0;
        slicedNs = nowNs;
        heard(nowNs);
    }

    /** Does the due work; returns how much there was to do. */
    int poll(long nowNs) {
        int work = catchUp(nowNs) + tellEpoch(nowNs);
        final long accepted = session.accepted();
        if (accepted != heardCount) {
            heardCount = accepted;
            heard(nowNs);
        }
        if (unanswered < PROBES && isQuiet(nowNs) && isProbeDue(nowNs)) {
            if (unanswered == 0) {
                probeNonce = end.drawLong();
            }
            unanswered++;
            probedNs = nowNs;
            send(peerIndex, LinkMessage.PROBE, probeNonce);
            work++;
        }
        return work;
    }

    /** How long {@link #poll} has nothing to do while no frames come and go, in nanoseconds; negative if it is late. */
    long waitNs(long nowNs) {
        final long minRetryNs = end.timing.minRetry().toNanos();
        final long probeNs = heardNs - nowNs + end.timing.quiet().toNanos();
        long wait = unanswered == 0 ? probeNs : Math.max(probeNs, probedNs - nowNs + minRetryNs);
        if (toldEpoch > confirmedEpoch) {
            wait = Math.min(wait, toldNs - nowNs + minRetryNs);
        }
        return session.receiveKeys().isBehind() ? Math.min(wait, slicedNs - nowNs + SLICE_NS) : wait;
    }

    /** Whether the peer has answered none of its probes. */
    boolean isPeerGone(long nowNs) {
        return unanswered == PROBES && isQuiet(nowNs) && isProbeDue(nowNs);
    }

    /** Answers a probe. It does not prove that the peer is there: a recorded one looks the same. */
    void onProbe(int origin, MemorySegment probe, long nowNs) {
        believe(probe, nowNs);
        send(origin, LinkMessage.REPLY, probe.get(LE_LONG, LinkMessage.BODY_OFFSET));
    }

    /** An answer to a probe, or a recorded one. */
    void onReply(MemorySegment reply, long nowNs) {
        final long nonce = reply.get(LE_LONG, LinkMessage.BODY_OFFSET);
        if (toldEpoch > confirmedEpoch && nonce == toldNonce) {
            confirmedEpoch = toldEpoch;
        } else if (unanswered == 0 || nonce != probeNonce) {
            return;
        }
        believe(reply, nowNs);
        heard(nowNs);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private void heard(long nowNs) {
        heardNs = nowNs;
        unanswered = 0;
    }

    private boolean isQuiet(long nowNs) {
        return nowNs - heardNs >= end.timing.quiet().toNanos();
    }

    private boolean isProbeDue(long nowNs) {
        return unanswered == 0 || nowNs - probedNs >= end.timing.minRetry().toNanos();
    }

    private void believe(MemorySegment message, long nowNs) {
        final long epoch = message.get(LE_LONG, LinkMessage.BODY_OFFSET + 8L);
        if (epoch < 0 || epoch > (nowNs - beganNs + slackNs) / EPOCH_NS) {
            end.counters.fail(LinkFailure.BEYOND_TIME);
        } else {
            session.receiveKeys().want(epoch);
        }
    }

    private int catchUp(long nowNs) {
        if (nowNs - slicedNs < SLICE_NS) {
            return 0;
        }
        slicedNs = nowNs;
        final int made = session.receiveKeys().catchUp();
        end.counters.rekey(made);
        return made;
    }

    /** Tells a new epoch of this end's keys until the peer has confirmed it. */
    private int tellEpoch(long nowNs) {
        final long epoch = session.sendKeys().used();
        if (epoch == confirmedEpoch
                || (toldEpoch > confirmedEpoch
                        && nowNs - toldNs < end.timing.minRetry().toNanos())) {
            return 0;
        }
        if (epoch != toldEpoch) {
            toldEpoch = epoch;
            toldNonce = end.drawLong();
        }
        toldNs = nowNs;
        send(peerIndex, LinkMessage.PROBE, toldNonce);
        return 1;
    }

    private void send(int origin, int type, long nonce) {
        LinkMessage.header(buffer, type, 0, attempt);
        buffer.set(LE_LONG, LinkMessage.BODY_OFFSET, nonce);
        buffer.set(LE_LONG, LinkMessage.BODY_OFFSET + 8L, session.sendKeys().used());
        port.send(origin, end.messages.sign(buffer, LinkMessage.PROBE_LENGTH, hash));
    }
}
