package io.millrace.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import io.millrace.htx.LinkTransition.Cause;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Looks after one link: makes handshakes when there is no session or it grows old, answers the peer's, makes and forgets
 * keys, and notices when the peer is gone. Independent of the carrier: messages come and go as bytes and may be lost,
 * repeated, reordered or forged. An established session is never disturbed by any of that; it ends when a newer one is
 * complete, or when the peer no longer answers.
 *
 * <p>Either end may begin. When both do at the same time, the handshake of the end with the lower id goes on.
 *
 * <p>Not thread safe: belongs to the thread that looks after the links.
 *
 * <p>Source: {@code src/docs/links.md}.
 */
public final class LinkHandshake implements AutoCloseable {
    private static final int PROBES = 5;

    /** Handshakes that may fail, after a session's time is over, before the link is taken down. */
    private static final int HANDSHAKES_AT_THE_END = 4;

    private static final long LOST_PROBE_NS = 50_000_000;
    private static final byte[] NO_HASH = {};

    private final LinkEnd end;
    private final LinkSessions sessions;
    private final LinkBeginner beginner;
    private final LinkAnswerer answerer;
    private final LinkPort port;
    private final int peerIndex;
    private final byte[] peerId;
    private final LinkListener listener;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(LinkMessage.MAX_LENGTH, 8);
    private final MemorySegment hash = arena.allocate(LinkMessage.HASH_LENGTH);
    private final long keyEndNs;
    private boolean up;
    private long attempt;
    private boolean begun;
    private long beginNs;
    private long establishedNs;
    private long heardNs;
    private long heardCount;
    private int probes;
    private long probeNs;
    private long probeNonce;
    private boolean probed;

    /**
     * Looks after {@code link}, which is one without keys.
     *
     * @param peerIndex under which the port knows the peer.
     * @param own stays the caller's.
     * @param cells shared by the links of an engine; stay the caller's.
     * @param listener receives the link's transitions.
     * @throws IllegalArgumentException if the peer's key is of low order or the peer is this end itself.
     */
    public LinkHandshake(
            int peerIndex,
            LinkIdentity own,
            LinkPeer peer,
            Link link,
            LinkCounters counters,
            SessionCells cells,
            LinkPort port,
            LinkTiming timing,
            Randomness randomness,
            LinkListener listener) {
        this.peerIndex = peerIndex;
        this.peerId = peer.id();
        this.listener = listener;
        this.port = port;
        this.keyEndNs = timing.keyAge()
                .plus(timing.maxRetry().multipliedBy((long) HANDSHAKES_AT_THE_END * timing.transmissions()))
                .toNanos();
        this.end = new LinkEnd(own, peer, counters, timing, randomness);
        this.sessions = new LinkSessions(link, cells, counters, timing);
        this.beginner = new LinkBeginner(end, sessions, port, peerIndex);
        this.answerer = new LinkAnswerer(end, sessions, port);
    }

    /** Whether {@code length} bytes may be a message for {@link #onMessage}: cheap, and never true of a packet frame. */
    public static boolean isPossible(int length) {
        return LinkMessage.isPossible(length);
    }

    /**
     * Takes a message.
     *
     * @param origin where it came from, for answers.
     * @param message native.
     * @return whether it is the peer's; if not, it was forged or another peer's, and nothing was done but counting it.
     */
    public boolean onMessage(int origin, MemorySegment message, long nowNs) {
        if (!LinkMessage.isPossible(message.byteSize())) {
            return false;
        }
        final int type = LinkMessage.type(message);
        final MemorySegment hashed = type < LinkMessage.DONE ? MemorySegment.NULL : hashOf(message, type);
        if (hashed == null || message.byteSize() != LinkMessage.length(type)) {
            return false;
        }
        if (!end.messages.isAuthentic(message, hashed)) {
            return false;
        }
        switch (type) {
            case LinkMessage.BEGIN -> {
                answerer.onBegin(origin, message, beginner, nowNs);
                if (beginner.isIdle()) {
                    begun = true;
                    beginNs = nowNs + 2 * end.timing.maxRetry().toNanos();
                }
            }
            case LinkMessage.ANSWER -> beginner.onAnswer(message, nowNs);
            case LinkMessage.FINISH -> {
                if (answerer.onFinish(origin, message)) {
                    established(answerer.attempt(), answerer.hash(), nowNs);
                }
            }
            case LinkMessage.DONE -> {
                if (beginner.onDone(message)) {
                    established(beginner.attempt(), beginner.hash(), nowNs);
                }
            }
            case LinkMessage.PROBE -> onProbe(origin, message);
            default -> onReply(message, nowNs);
        }
        return true;
    }

    /** Counts a message that {@link #onMessage} did not take and that came from the peer's address. */
    public void forged() {
        end.counters.fail(LinkFailure.FORGED);
    }

    /** The carrier has lost its connection to the peer. */
    public void onLost(long nowNs) {
        if (up) {
            down(Cause.DISCONNECTED, nowNs);
        }
    }

    /**
     * Tells the listener that the session ends, if there is one, because this end stops; only {@link #close()} may follow.
     * Frames that wait are still sealed and sent.
     *
     * @param nowNs by the same clock as {@link #poll}, in nanoseconds.
     */
    public void stop(long nowNs) {
        if (up) {
            up = false;
            tell(Cause.STOPPED, NO_HASH, hash.toArray(JAVA_BYTE), nowNs);
        }
    }

    /**
     * Ends the link for good, as {@link #stop}: nothing is sealed or opened under it any more, and its sessions' keys are
     * wiped as soon as no thread uses them. To be closed next.
     *
     * @param nowNs by the same clock as {@link #poll}, in nanoseconds.
     */
    public void end(long nowNs) {
        stop(nowNs);
        sessions.end();
    }

    /**
     * Does what is due.
     *
     * @param clock the wall clock in milliseconds; it should not go back, not even when the program is started anew.
     * @return how much there was to do.
     */
    public int poll(long nowNs, long clock) {
        int work = beginner.poll(nowNs) + answerer.poll(nowNs) + sessions.poll(nowNs);
        if (beginner.isDoneAnyway()) {
            established(beginner.attempt(), beginner.hash(), nowNs);
            work++;
        }
        if (beginner.isIdle() && isHandshakeDue(nowNs)) {
            begun = true;
            beginNs = nowNs + end.drawRetryNs();
            beginner.begin(nowNs, clock);
            work++;
        }
        return up ? work + watch(nowNs) : work;
    }

    /** Ends handshakes under way and wipes what they held. */
    @Override
    public void close() {
        beginner.close();
        answerer.close();
        end.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private boolean isHandshakeDue(long nowNs) {
        if (begun && nowNs - beginNs < 0) {
            return false;
        }
        return !up || nowNs - establishedNs >= end.timing.keyAge().toNanos();
    }

    private void established(long newAttempt, MemorySegment newHash, long nowNs) {
        final boolean renewed = up;
        final byte[] ended = renewed ? hash.toArray(JAVA_BYTE) : NO_HASH;
        attempt = newAttempt;
        hash.copyFrom(newHash);
        up = true;
        establishedNs = nowNs;
        sessions.send(nowNs);
        heard(nowNs);
        heardCount = sessions.established().accepted();
        tell(renewed ? Cause.RENEWED : Cause.UP, hash.toArray(JAVA_BYTE), ended, nowNs);
    }

    private void tell(Cause cause, byte[] began, byte[] ended, long nowNs) {
        listener.onTransition(new LinkTransition(cause, peerIndex, peerId, began, ended, nowNs));
    }

    private void down(Cause cause, long nowNs) {
        up = false;
        end.counters.fail(LinkFailure.LOST);
        sessions.stopSending();
        begun = true;
        beginNs = nowNs;
        tell(cause, NO_HASH, hash.toArray(JAVA_BYTE), nowNs);
    }

    private void heard(long nowNs) {
        heardNs = nowNs;
        probes = 0;
    }

    /** Of an established session: is it too old, is the peer there, are its keys known? */
    private int watch(long nowNs) {
        final LinkSession session = sessions.established();
        if (nowNs - establishedNs >= keyEndNs) {
            down(Cause.EXPIRED, nowNs);
            return 1;
        }
        final long accepted = session.accepted();
        if (accepted != heardCount) {
            heardCount = accepted;
            heard(nowNs);
        }
        if (probes == 0 && (!probed || nowNs - probeNs >= LOST_PROBE_NS) && session.takeLost()) {
            probe(nowNs);
            return 1;
        }
        final boolean quiet = nowNs - heardNs >= end.timing.quiet().toNanos();
        if (!quiet || (probes > 0 && nowNs - probeNs < end.timing.minRetry().toNanos())) {
            return 0;
        }
        if (probes == PROBES) {
            down(Cause.NO_ANSWER, nowNs);
        } else {
            probe(nowNs);
        }
        return 1;
    }

    private void probe(long nowNs) {
        probes++;
        probed = true;
        probeNs = nowNs;
        probeNonce = end.drawLong();
        sendProbe(peerIndex, LinkMessage.PROBE, probeNonce);
    }

    private void onProbe(int origin, MemorySegment probe) {
        // Not proof that the peer is there: a recorded one looks the same.
        catchUp(probe);
        sendProbe(origin, LinkMessage.REPLY, probe.get(LinkFrame.LE_LONG, LinkMessage.BODY_OFFSET));
    }

    private void onReply(MemorySegment reply, long nowNs) {
        if (probes > 0 && reply.get(LinkFrame.LE_LONG, LinkMessage.BODY_OFFSET) == probeNonce) {
            catchUp(reply);
            heard(nowNs);
        }
    }

    private void catchUp(MemorySegment message) {
        sessions.established().receiveKeys().catchUp(message.get(LinkFrame.LE_LONG, LinkMessage.BODY_OFFSET + 8L));
    }

    private void sendProbe(int origin, int type, long nonce) {
        LinkMessage.header(buffer, type, attempt);
        buffer.set(LinkFrame.LE_LONG, LinkMessage.BODY_OFFSET, nonce);
        buffer.set(
                LinkFrame.LE_LONG,
                LinkMessage.BODY_OFFSET + 8L,
                sessions.established().sendKeys().used());
        port.send(origin, end.messages.sign(buffer, LinkMessage.PROBE_LENGTH, hash));
    }

    /** The handshake hash that a message must have been signed with; null if it belongs to no session here. */
    private MemorySegment hashOf(MemorySegment message, int type) {
        if (type == LinkMessage.DONE) {
            return beginner.hash();
        }
        return up && LinkMessage.attempt(message) == attempt ? hash : null;
    }
}
