package io.millrace.relay.epoch;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Network time of a lone relay: the wall clock at the start, carried on by the monotonic clock.
 *
 * <p>Later readings of the wall clock only slew it: {@link #observe} takes a reading every {@link #SAMPLE_NS}, and the median
 * of the last {@link #SAMPLES} draws the clock towards the wall clock by at most {@link #MAX_SLEW_PPM} millionths. Up to
 * four wrong readings among nine change nothing. A median further away than {@link #MAX_CORRECTION_MS} is not followed:
 * {@link #skewMs} reports it, and an operator decides. The clock never goes back and never jumps.
 *
 * <p>Threading: any.
 *
 * <p>Source: {@code src/docs/specs/directory.md}, section "Epochs and time".
 */
public final class NetworkClock {
    /** Shortest time between two readings of the wall clock, in nanoseconds of the monotonic clock. */
    public static final long SAMPLE_NS = 10_000_000_000L;

    /** Readings of which the median counts. */
    public static final int SAMPLES = 9;

    /** Greatest rate of correction, in millionths of the elapsed time. */
    public static final int MAX_SLEW_PPM = 500;

    /** Greatest distance of the wall clock that is corrected, in milliseconds. */
    public static final long MAX_CORRECTION_MS = 60_000;

    private static final long NS_PER_MS = 1_000_000;

    /** Bound of an offset in milliseconds, so that nanoseconds do not overflow: 100 years. */
    private static final long MAX_OFFSET_MS = 3_155_760_000_000L;

    private final LongSupplier wallMs;
    private final LongSupplier monotonicNs;
    private final long anchorMs;
    private final long anchorNs;
    private final long[] offsetsNs = new long[SAMPLES];
    private int samples;
    private long lastSampleNs;
    private long lastSlewNs;
    private long slewNs;
    private long targetNs;

    /**
     * Reads both clocks once.
     *
     * @param wallMs wall clock in milliseconds since 1970.
     * @param monotonicNs monotonic clock in nanoseconds from any origin.
     */
    public NetworkClock(LongSupplier wallMs, LongSupplier monotonicNs) {
        this.wallMs = Objects.requireNonNull(wallMs, "wallMs");
        this.monotonicNs = Objects.requireNonNull(monotonicNs, "monotonicNs");
        this.anchorMs = wallMs.getAsLong();
        this.anchorNs = monotonicNs.getAsLong();
        this.lastSampleNs = anchorNs;
        this.lastSlewNs = anchorNs;
        if (anchorMs < 0 || anchorMs > EpochSchedule.MAX_TIME_MS) {
            throw new IllegalArgumentException(
                    "the wall clock is before 1970 or after the year 10,000: wallMs=" + anchorMs);
        }
    }

    /** The clock of this machine: {@link System#currentTimeMillis} and {@link System#nanoTime}. */
    public static NetworkClock system() {
        return new NetworkClock(System::currentTimeMillis, System::nanoTime);
    }

    /** Network time in milliseconds since 1970; never less than a value returned before. */
    public synchronized long nowMs() {
        return nowMs(monotonicNs.getAsLong());
    }

    /** Reads the wall clock if {@link #SAMPLE_NS} have passed since the last reading; cheap otherwise. */
    public synchronized void observe() {
        final long nowNs = monotonicNs.getAsLong();
        slew(nowNs);
        if (nowNs - lastSampleNs < SAMPLE_NS) {
            return;
        }
        lastSampleNs = nowNs;
        final long read = wallMs.getAsLong();
        if (read < 0 || read > EpochSchedule.MAX_TIME_MS) {
            return; // no instant at all
        }
        final long offsetMs = read - anchorMs - (nowNs - anchorNs) / NS_PER_MS;
        offsetsNs[samples++ % SAMPLES] = Math.clamp(offsetMs, -MAX_OFFSET_MS, MAX_OFFSET_MS) * NS_PER_MS;
        if (samples >= SAMPLES) {
            final long medianNs = medianNs();
            targetNs = Math.abs(medianNs - slewNs) > MAX_CORRECTION_MS * NS_PER_MS ? slewNs : medianNs;
        }
    }

    /**
     * Distance of the wall clock from network time, in milliseconds: the median of the readings of {@link #observe}; 0
     * before {@link #SAMPLES} of them. Positive if the wall clock is ahead.
     */
    public synchronized long skewMs() {
        slew(monotonicNs.getAsLong());
        return samples < SAMPLES ? 0 : (medianNs() - slewNs) / NS_PER_MS;
    }

    private long nowMs(long nowNs) {
        slew(nowNs);
        return anchorMs + (nowNs - anchorNs + slewNs) / NS_PER_MS;
    }

    /** Draws the correction towards its target by the share of the time that has passed. */
    private void slew(long nowNs) {
        final long most = (nowNs - lastSlewNs) / (1_000_000 / MAX_SLEW_PPM);
        if (most > 0) {
            slewNs += Math.clamp(targetNs - slewNs, -most, most);
            lastSlewNs += most * (1_000_000 / MAX_SLEW_PPM);
        }
    }

    private long medianNs() {
        final long[] sorted = offsetsNs.clone();
        Arrays.sort(sorted);
        return sorted[SAMPLES / 2];
    }
}
