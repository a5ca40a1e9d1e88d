package io.millrace.link;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretCellsExhaustedException;
import io.millrace.link.LinkTransition.Cause;
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
 * <p>Source: {@code src/docs/specs/links.md}.
 */
public final class LinkHandshake implements AutoCloseable {
    /** Handshakes that may fail, after a session's time is over, before the link is taken down. */
    private static final int HANDSHAKES_AT_THE_END = 4;

    /** How long it may take to notice that no thread uses old keys any more. */
    private static final long FORGETTING_NS = 10_000_000;

    private static final byte[] NO_HASH = {};

    private final LinkEnd end;
    private final LinkSessions sessions;
    private final LinkInitiator beginner;
    private final LinkResponder answerer;
    private final LinkProbes probes;
    private final SteadyTime time = new SteadyTime();
    private final int peerIndex;
    private final byte[] peerId;
    private final LinkListener listener;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment hash = arena.allocate(LinkMessage.HASH_LENGTH);
    private final long keyEndNs;
    private boolean up;
    private long attempt;
    private boolean begun;
    private boolean renewing;
    private long beginNs;
    private long establishedNs;

    /**
     * Looks after {@code link}, which is one without keys.
     *
     * @param peerIndex under which the port knows the peer.
     * @param own stays the caller's.
     * @param peer keys and modes of the other end.
     * @param link without keys; gets the sessions.
     * @param counters of this link.
     * @param slots shared by the links of an engine; stay the caller's.
     * @param port sends the messages.
     * @param timing waits and limits.
     * @param randomness source of keys and waits.
     * @param listener receives the link's transitions.
     * @throws IllegalArgumentException if the peer's key is of low order or the peer is this end itself.
     */
    public LinkHandshake(
            int peerIndex,
            LinkIdentity own,
            LinkPeer peer,
            Link link,
            LinkCounters counters,
            LinkKeySlots slots,
            LinkPort port,
            LinkTiming timing,
            Randomness randomness,
            LinkListener listener) {
        this.peerIndex = peerIndex;
        this.peerId = peer.id();
        this.listener = listener;
        this.keyEndNs = timing.keyAge()
                .plus(timing.maxRetry().multipliedBy((long) HANDSHAKES_AT_THE_END * timing.transmissions()))
                .toNanos();
        this.end = new LinkEnd(own, peer, counters, timing, randomness);
        this.sessions = new LinkSessions(link, slots, counters, timing);
        this.beginner = new LinkInitiator(end, sessions, port, peerIndex);
        this.answerer = new LinkResponder(end, sessions, port);
        this.probes = new LinkProbes(end, port, peerIndex);
    }

    /**
     * Whether {@code length} bytes may be a message for {@link #onMessage}: cheap, and never true of a packet frame.
     *
     * @param length of a datagram in bytes.
     */
    public static boolean isPossible(int length) {
        return LinkMessage.isPossible(length);
    }

    /**
     * Takes a message.
     *
     * @param origin where it came from, for answers.
     * @param message native.
     * @param nowNs present time in nanoseconds.
     * @return whether it is the peer's; if not, it was forged or another peer's, and nothing was done but counting it.
     */
    public boolean onMessage(int origin, MemorySegment message, long nowNs) {
        final long steadyNs = time.follow(nowNs);
        if (!LinkMessage.isPossible(message.byteSize())) {
            return false;
        }
        final int type = LinkMessage.type(message);
        final MemorySegment hashed = type < LinkMessage.DONE ? MemorySegment.NULL : hashOf(message, type);
        if (hashed == null || message.byteSize() != LinkMessage.length(type, LinkMessage.suite(message))) {
            return false;
        }
        if (!end.messages.isAuthentic(message, hashed)) {
            if (end.isMisnamed(message)) {
                end.counters.fail(LinkFailure.MISNAMED);
                return true;
            }
            return false;
        }
        try {
            act(type, origin, message, steadyNs);
        } catch (SecretCellsExhaustedException e) {
            end.counters.fail(LinkFailure.NO_ROOM); // the handshake was wiped; another one begins in time
        }
        return true;
    }

    /** Counts a message that {@link #onMessage} did not take and that came from the peer's address. */
    public void forged() {
        end.counters.fail(LinkFailure.FORGED);
    }

    /**
     * The carrier has lost its connection to the peer.
     *
     * @param nowNs present time in nanoseconds.
     */
    public void onLost(long nowNs) {
        final long steadyNs = time.follow(nowNs);
        if (up) {
            down(Cause.DISCONNECTED, steadyNs);
        }
    }

    /**
     * Tells the listener that the session ends, if there is one, because this end stops; only {@link #close()} may follow.
     * Frames that wait are still sealed and sent.
     *
     * @param nowNs by the same clock as {@link #poll}, in nanoseconds.
     */
    public void stop(long nowNs) {
        time.follow(nowNs);
        if (up) {
            up = false;
            tell(Cause.STOPPED, NO_HASH, hash.toArray(JAVA_BYTE));
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
     * Begins a handshake in the next {@link #poll}. Its session replaces the one in use, which serves until then: so the
     * peer learns from which of its addresses it is to send.
     */
    public void renew() {
        begun = false;
        renewing = true;
    }

    /**
     * Does the due work.
     *
     * @param nowNs in nanoseconds; a clock that is set back, or forward, delays nothing.
     * @param clock the wall clock in milliseconds. If it is set back while the program does not run, the peer refuses this
     *     end's first messages until the clock has caught up, and the link waits for the peer's own handshake.
     * @return how much there was to do.
     */
    public int poll(long nowNs, long clock) {
        final long steadyNs = time.follow(nowNs);
        int work = 0;
        if (beginner.isDoneAnyway()) { // before it may be given up
            ownEstablished(steadyNs);
            work++;
        }
        work += beginner.poll(steadyNs) + answerer.poll(steadyNs) + sessions.poll(steadyNs);
        if (beginner.isIdle() && isHandshakeDue(steadyNs)) {
            begun = true;
            beginNs = steadyNs + end.drawRetryNs();
            try {
                beginner.begin(steadyNs, clock);
                work++;
            } catch (SecretCellsExhaustedException e) {
                end.counters.fail(LinkFailure.NO_ROOM);
            }
        }
        return up ? work + watch(steadyNs) : work;
    }

    /**
     * How long {@link #poll} has nothing to do unless a message comes, or frames come and go.
     *
     * @param nowNs by the same clock as {@link #poll}, in nanoseconds.
     * @return nanoseconds; 0 or less if there is something to do now.
     */
    public long waitNs(long nowNs) {
        final long steadyNs = time.follow(nowNs);
        long wait = Math.min(beginner.waitNs(steadyNs), answerer.waitNs(steadyNs));
        wait = Math.min(wait, sessions.waitNs(steadyNs, FORGETTING_NS));
        if (beginner.isIdle()) {
            final long againNs = begun ? beginNs - steadyNs : 0;
            wait = Math.min(wait, up && !renewing ? Math.max(againNs, keyAgeLeftNs(steadyNs)) : againNs);
        }
        return up ? Math.min(Math.min(wait, keyEndNs - (steadyNs - establishedNs)), probes.waitNs(steadyNs)) : wait;
    }

    /** Ends handshakes under way and wipes their secrets. */
    @Override
    public void close() {
        beginner.close();
        answerer.close();
        probes.close();
        end.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private void act(int type, int origin, MemorySegment message, long steadyNs) {
        switch (type) {
            case LinkMessage.BEGIN -> {
                if (answerer.onBegin(origin, message, beginner, steadyNs)) {
                    begun = true;
                    beginNs = steadyNs + 2 * end.timing.maxRetry().toNanos();
                }
            }
            case LinkMessage.ANSWER -> beginner.onAnswer(origin, message, steadyNs);
            case LinkMessage.FINISH -> {
                if (answerer.onFinish(origin, message)) {
                    established(answerer.attempt(), answerer.hash(), answerer.isHybrid(), steadyNs);
                }
            }
            case LinkMessage.DONE -> {
                if (beginner.onDone(message)) {
                    ownEstablished(steadyNs);
                }
            }
            case LinkMessage.PROBE -> probes.onProbe(origin, message, steadyNs);
            default -> probes.onReply(message, steadyNs);
        }
    }

    private boolean isHandshakeDue(long nowNs) {
        if (begun && nowNs - beginNs < 0) {
            return false;
        }
        return !up || renewing || keyAgeLeftNs(nowNs) <= 0;
    }

    private long keyAgeLeftNs(long nowNs) {
        return end.timing.keyAge().toNanos() - (nowNs - establishedNs);
    }

    private void ownEstablished(long nowNs) {
        answerer.onOwnFinished();
        established(beginner.attempt(), beginner.hash(), beginner.isHybrid(), nowNs);
    }

    private void established(long newAttempt, MemorySegment newHash, boolean hybrid, long nowNs) {
        end.counters.established(hybrid);
        final boolean renewed = up;
        final byte[] ended = renewed ? hash.toArray(JAVA_BYTE) : NO_HASH;
        attempt = newAttempt;
        hash.copyFrom(newHash);
        up = true;
        renewing = false;
        establishedNs = nowNs;
        sessions.send(nowNs);
        probes.begin(sessions.established(), attempt, hash, nowNs);
        tell(renewed ? Cause.RENEWED : Cause.UP, hash.toArray(JAVA_BYTE), ended);
    }

    private void tell(Cause cause, byte[] began, byte[] ended) {
        listener.onTransition(new LinkTransition(cause, peerIndex, peerId, began, ended, time.clockNs()));
    }

    private void down(Cause cause, long nowNs) {
        up = false;
        end.counters.fail(LinkFailure.LOST);
        sessions.stopSending();
        begun = true;
        beginNs = nowNs;
        tell(cause, NO_HASH, hash.toArray(JAVA_BYTE));
    }

    /** Of an established session: is it too old, is the peer there, are its keys known? */
    private int watch(long nowNs) {
        if (nowNs - establishedNs >= keyEndNs) {
            down(Cause.EXPIRED, nowNs);
            return 1;
        }
        final int work = probes.poll(nowNs);
        if (probes.isPeerGone(nowNs)) {
            down(Cause.NO_ANSWER, nowNs);
            return 1;
        }
        return work;
    }

    /** The handshake hash that a message must have been signed with; null if it belongs to no session here. */
    private MemorySegment hashOf(MemorySegment message, int type) {
        if (type == LinkMessage.DONE) {
            return beginner.hash();
        }
        return up && LinkMessage.attempt(message) == attempt ? hash : null;
    }
}
