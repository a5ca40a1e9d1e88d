package io.millrace.htx.session;

import java.util.concurrent.TimeUnit;

/**
 * Bounds the frames of a peer that bring no byte of a stream: PING, WINDOW_UPDATE, KEY_UPDATE, PADDING, empty frames of open
 * streams and late frames of ended ones. Each costs this end an AEAD at least, and no credit holds them back. A peer may send
 * {@link #burst} at once and {@link #PER_SECOND} in each second; besides, {@link #PER_FRAME_SENT} for each frame with bytes
 * that this end has sent, as the peer grants credit for it; one for each frame with bytes that it sends, as keys change with
 * those; and one for each stream that it ends, as a reset may cross the end.
 *
 * <p>An honest peer needs the rate for two kinds: a PING and an answer a second, and idle padding, at most {@link
 * PaddingPolicy#MOST_PER_SECOND} a second.
 *
 * <p>Not thread safe.
 */
final class ControlBudget {
    /** Frames in each second: some three times the need of an honest peer. */
    static final int PER_SECOND = 64;

    private static final int PER_FRAME_SENT = 2;
    private static final int LEAST_BURST = 512;

    /** Credit that may be on its way for a stream, in frames, twice over. */
    private static final int PER_STREAM = 4;

    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private final long burstNs;
    private long paidUntilNs;
    private long framesSent;

    /** @param maxStreams streams that an end may have open, 1 or more. */
    ControlBudget(int maxStreams, long nowNs) {
        burstNs = burst(maxStreams) * INTERVAL_NS;
        paidUntilNs = nowNs;
    }

    /** Frames at once. */
    static int burst(int maxStreams) {
        return LEAST_BURST + PER_STREAM * maxStreams;
    }

    /** The peer has sent a frame with bytes, or ended a stream. */
    void earn() {
        paidUntilNs -= INTERVAL_NS;
    }

    /**
     * Takes one frame; false if there were too many.
     *
     * @param sent frames with bytes that this end has sent so far.
     */
    boolean take(long sent, long nowNs) {
        final long earnedNs = (sent - framesSent) * PER_FRAME_SENT * INTERVAL_NS;
        framesSent = sent;
        paidUntilNs = Math.max(paidUntilNs - earnedNs - nowNs, 0) + nowNs + INTERVAL_NS;
        return paidUntilNs - nowNs <= burstNs;
    }

    /** Frames that are taken and not paid yet; for tests. */
    long debt(long nowNs) {
        return Math.max(0, paidUntilNs - nowNs) / INTERVAL_NS;
    }
}
