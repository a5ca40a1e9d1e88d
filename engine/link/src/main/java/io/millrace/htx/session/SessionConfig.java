package io.millrace.htx.session;

import io.millrace.frame.Frame;
import io.millrace.frame.RekeyLimits;
import java.time.Duration;

/**
 * Bounds and times of a session. The first three are part of the profile: both ends must hold the same.
 *
 * @param maxFrameLength largest length field sent and accepted, 1,024 to {@link Frame#HARD_MAX_LENGTH}.
 * @param maxStreams streams that each end may have opened at the same time, 1 to 4,096.
 * @param initialWindow credit of the connection and of each stream before anybody grants any, in bytes, 1 or more.
 * @param maxStreamWindow how far a stream's window may grow, in bytes.
 * @param maxReceived most bytes that may be received and not read, over all streams; room for every stream's initial
 *     window at least.
 * @param maxQueued bytes written and not sent that one stream holds at most; less if there are many streams.
 * @param rekey when a key has served its time.
 * @param padding bytes added to frames and silences.
 * @param pingMin shortest time between two keepalive PINGs, 100 ms or more: the peer takes few of them a second.
 * @param pingMax longest time between them; each is drawn evenly between the two.
 * @param timeout how long an answer, to a PING or a CLOSE, may take.
 */
public record SessionConfig(
        int maxFrameLength,
        int maxStreams,
        int initialWindow,
        int maxStreamWindow,
        int maxReceived,
        int maxQueued,
        RekeyLimits rekey,
        PaddingPolicy padding,
        Duration pingMin,
        Duration pingMax,
        Duration timeout) {
    private static final int MIN_FRAME = 1_024;
    private static final int MOST_STREAMS = 4_096;
    private static final Duration LEAST_PING = Duration.ofMillis(100);

    /** The profile's values. */
    public static final SessionConfig HTX1 = new SessionConfig(
            Frame.DEFAULT_MAX_LENGTH,
            128,
            65_535,
            8 << 20,
            32 << 20,
            256 << 10,
            RekeyLimits.HTX1,
            PaddingPolicy.NONE,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30));

    /** Checks the ranges. */
    public SessionConfig {
        if (maxFrameLength < MIN_FRAME || maxFrameLength > Frame.HARD_MAX_LENGTH) {
            throw new IllegalArgumentException("maxFrameLength must be " + MIN_FRAME + " to " + Frame.HARD_MAX_LENGTH
                    + ": maxFrameLength=" + maxFrameLength);
        }
        if (maxStreams < 1 || maxStreams > MOST_STREAMS || initialWindow < 1) {
            throw new IllegalArgumentException("a session needs streams, at most " + MOST_STREAMS
                    + ", and windows: maxStreams=" + maxStreams + ", initialWindow=" + initialWindow);
        }
        if (maxStreamWindow < initialWindow || maxReceived < 2L * maxStreams * initialWindow || maxQueued < 1) {
            throw new IllegalArgumentException("there must be room for every stream's initial window: maxStreamWindow="
                    + maxStreamWindow + ", maxReceived=" + maxReceived + ", maxQueued=" + maxQueued);
        }
        if (pingMin.compareTo(LEAST_PING) < 0) {
            throw new IllegalArgumentException(
                    "pingMin must be " + LEAST_PING.toMillis() + " ms or more: pingMin=" + pingMin);
        }
        if (pingMax.compareTo(pingMin) < 0 || timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "times must ascend: pingMin=" + pingMin + ", pingMax=" + pingMax + ", timeout=" + timeout);
        }
        for (int each : padding.sizeClasses()) {
            if (each > maxFrameLength - Frame.TAG_LENGTH) {
                throw new IllegalArgumentException("a size class is longer than a frame: sizeClass=" + each);
            }
        }
    }

    /**
     * The same with other padding.
     *
     * @param other replaces the padding.
     */
    public SessionConfig withPadding(PaddingPolicy other) {
        return new SessionConfig(
                maxFrameLength,
                maxStreams,
                initialWindow,
                maxStreamWindow,
                maxReceived,
                maxQueued,
                rekey,
                other,
                pingMin,
                pingMax,
                timeout);
    }

    /**
     * The same with other rekey limits.
     *
     * @param other replaces the rekey limits.
     */
    public SessionConfig withRekey(RekeyLimits other) {
        return new SessionConfig(
                maxFrameLength,
                maxStreams,
                initialWindow,
                maxStreamWindow,
                maxReceived,
                maxQueued,
                other,
                padding,
                pingMin,
                pingMax,
                timeout);
    }

    /** Most bytes of plaintext in a frame. */
    int maxTextLength() {
        final int longest = maxFrameLength - Frame.TAG_LENGTH;
        return padding.sizeClasses().isEmpty() ? longest : padding.sizeClasses().getLast();
    }
}
