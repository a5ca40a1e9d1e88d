package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.crypto.Randomness;
import io.millrace.frame.FrameType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * When to send a PING, the round-trip time by its answers, and the answers to the peer's. One is out at a time.
 *
 * <p>A session begins with one, has one every {@code pingMin} to {@code pingMax}, and one a second while it receives, as
 * the windows depend on the round-trip time.
 */
final class Keepalive {
    private static final long SAMPLE_NS = Duration.ofSeconds(1).toNanos();
    private static final int SMOOTHING = 8;

    private final Randomness randomness;
    private final MemorySegment drawn;
    private final long minNs;
    private final long maxNs;
    private final long timeoutNs;
    private boolean out;
    private long value;
    private long sentNs;
    private long nextNs;
    private long rttNs;
    private boolean pongWanted;
    private long pongValue;

    Keepalive(Arena arena, Randomness randomness, SessionConfig config, long nowNs) {
        this.randomness = randomness;
        this.drawn = arena.allocate(JAVA_LONG);
        this.minNs = config.pingMin().toNanos();
        this.maxNs = config.pingMax().toNanos();
        this.timeoutNs = config.timeout().toNanos();
        this.nextNs = nowNs;
    }

    /** A number drawn evenly from {@code min} to {@code max}. */
    long draw(long min, long max) {
        final long span = max - min + 1;
        return min + Math.unsignedMultiplyHigh(random(), span);
    }

    /** Smoothed round-trip time; 0 if it is not known yet. */
    long rttNs() {
        return rttNs;
    }

    boolean timedOut(long nowNs) {
        return out && nowNs - sentNs >= timeoutNs;
    }

    /** When this wants to be asked again. */
    long deadlineNs() {
        return out ? sentNs + timeoutNs : nextNs;
    }

    /** The peer asks. One that asks again before it reads its answer gets one answer: nothing queues up. */
    void onPing(long asked) {
        pongWanted = true;
        pongValue = asked;
    }

    /** Writes an answer or a PING if one is due; whether it did. */
    boolean send(Outbox outbox, long nowNs) {
        if (pongWanted) {
            pongWanted = false;
            outbox.ping(FrameType.ACK, pongValue, nowNs);
            return true;
        }
        return ask(outbox, nowNs);
    }

    /** Writes a PING if one is due; whether it did. */
    boolean ask(Outbox outbox, long nowNs) {
        if (out || nowNs - nextNs < 0) {
            return false;
        }
        out = true;
        sentNs = nowNs;
        value = random();
        nextNs = nowNs + draw(minNs, maxNs);
        outbox.ping(0, value, nowNs);
        return true;
    }

    /** Takes an answer; false if it answers nothing. */
    boolean pong(long answered, long nowNs) {
        if (!out || answered != value) {
            return false;
        }
        out = false;
        final long sample = Math.max(1, nowNs - sentNs);
        rttNs = rttNs == 0 ? sample : rttNs + (sample - rttNs) / SMOOTHING;
        return true;
    }

    /** Bytes are coming: the next PING goes out within a second of the last. */
    void onTraffic() {
        if (!out && nextNs - sentNs > SAMPLE_NS) {
            nextNs = sentNs + SAMPLE_NS;
        }
    }

    private long random() {
        randomness.fill(drawn);
        return drawn.get(JAVA_LONG, 0);
    }
}
