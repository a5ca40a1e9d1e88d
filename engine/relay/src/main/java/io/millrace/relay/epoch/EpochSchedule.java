package io.millrace.relay.epoch;

import java.time.Duration;

/**
 * Public rule that ties epoch numbers to time: epoch {@code n} runs from {@code anchor + n * length} to
 * {@code anchor + (n + 1) * length}.
 *
 * <p>Times are milliseconds since 1970 in network time, see {@link NetworkClock}. A relay accepts packets of an epoch from
 * {@link #earlyMs} before it begins until {@link #overlapMs} after it ends.
 *
 * @param anchorMs beginning of epoch 0, 0 to {@link #MAX_TIME_MS}.
 * @param lengthMs length of an epoch, {@link #MIN_LENGTH_MS} to {@link #MAX_LENGTH_MS}.
 * @param overlapMs 1 to a quarter of the length.
 */
public record EpochSchedule(long anchorMs, long lengthMs, long overlapMs) {
    /** Latest instant that documents may name, in milliseconds since 1970: about the year 10,000. */
    public static final long MAX_TIME_MS = 1L << 48;

    /** Shortest epoch in milliseconds. */
    public static final long MIN_LENGTH_MS = 1_000;

    /** Longest epoch in milliseconds: a week. */
    public static final long MAX_LENGTH_MS = 604_800_000;

    /** Most epochs by which rolls by a full replay set run ahead of the schedule: as many keys are announced ahead. */
    public static final int MAX_AHEAD = 3;

    /** Default of the program: 20 minutes, overlap 2 minutes, counted from 1970. */
    public static final EpochSchedule DEFAULT = new EpochSchedule(0, 1_200_000, 120_000);

    private static final long MAX_EARLY_MS = 30_000;

    /** Checks the ranges. */
    public EpochSchedule {
        if (anchorMs < 0 || anchorMs > MAX_TIME_MS) {
            throw new IllegalArgumentException("the anchor must be 0 to " + MAX_TIME_MS + " ms: anchorMs=" + anchorMs);
        }
        if (lengthMs < MIN_LENGTH_MS || lengthMs > MAX_LENGTH_MS) {
            throw new IllegalArgumentException("the length of an epoch must be " + MIN_LENGTH_MS + " to "
                    + MAX_LENGTH_MS + " ms: lengthMs=" + lengthMs);
        }
        if (overlapMs < 1 || overlapMs > lengthMs / 4) {
            throw new IllegalArgumentException("the overlap must be 1 ms to a quarter of the length: overlapMs="
                    + overlapMs + ", lengthMs=" + lengthMs);
        }
    }

    /**
     * A schedule that counts from 1970.
     *
     * @param length of an epoch, 1 second to a week.
     * @param overlap 1 millisecond to a quarter of the length; longer than the clocks of senders differ.
     * @throws IllegalArgumentException if a duration is out of range.
     */
    public static EpochSchedule of(Duration length, Duration overlap) {
        return new EpochSchedule(0, length.toMillis(), overlap.toMillis());
    }

    /**
     * Number of the epoch that runs at an instant.
     *
     * @param timeMs {@link #anchorMs} to {@link #MAX_TIME_MS}.
     */
    public long numberAt(long timeMs) {
        if (timeMs < anchorMs || timeMs > MAX_TIME_MS) {
            throw new IllegalArgumentException(
                    "no epoch at that time: timeMs=" + timeMs + ", anchorMs=" + anchorMs + ", limit=" + MAX_TIME_MS);
        }
        return (timeMs - anchorMs) / lengthMs;
    }

    /**
     * Beginning of an epoch, in milliseconds since 1970.
     *
     * @param number 0 or more, such that the epoch begins before {@link #MAX_TIME_MS}.
     */
    public long startMs(long number) {
        if (number < 0 || number > (MAX_TIME_MS - anchorMs) / lengthMs) {
            throw new IllegalArgumentException("no epoch has that number: number=" + number);
        }
        return anchorMs + number * lengthMs;
    }

    /**
     * End of an epoch, which is the beginning of the next one, in milliseconds since 1970.
     *
     * @param number as for {@link #startMs}.
     */
    public long endMs(long number) {
        return startMs(number) + lengthMs;
    }

    /** How long before its beginning an epoch accepts packets, in milliseconds: 30 s, or half the overlap if shorter. */
    public long earlyMs() {
        return Math.min(MAX_EARLY_MS, overlapMs / 2);
    }

    /**
     * Checks that an epoch's span follows the schedule. An epoch never begins late; it begins up to {@link #MAX_AHEAD}
     * lengths early after rolls by a full replay set, and ends early when the next one begins early.
     *
     * @param number as for {@link #startMs}.
     * @param notBeforeMs beginning of the span in milliseconds since 1970.
     * @param notAfterMs end of the span in milliseconds since 1970.
     * @throws IllegalArgumentException if the span breaks the rule.
     */
    public void requireSpan(long number, long notBeforeMs, long notAfterMs) {
        final long startMs = startMs(number);
        if (notBeforeMs > startMs || notBeforeMs < startMs - MAX_AHEAD * lengthMs || notAfterMs > startMs + lengthMs) {
            throw new IllegalArgumentException("the span of an epoch does not follow the schedule: number=" + number
                    + ", notBeforeMs=" + notBeforeMs + ", notAfterMs=" + notAfterMs + ", scheduled=" + startMs + " to "
                    + (startMs + lengthMs));
        }
    }

    /**
     * Checks that the last packet of an epoch has left before the disclosure of the next one is due:
     * {@code length >= 2 * (overlap + longest delay)}.
     *
     * @param maxDelayNs longest delay in nanoseconds, 0 or more.
     * @throws IllegalArgumentException if the epoch is shorter; the message names the shortest length.
     */
    public void requireFor(long maxDelayNs) {
        final long shortestMs = shortestLengthMs(overlapMs, maxDelayNs);
        if (lengthMs < shortestMs) {
            throw new IllegalArgumentException("an epoch must last twice the overlap plus the longest delay: lengthMs="
                    + lengthMs + ", overlapMs=" + overlapMs + ", maxDelayNs=" + maxDelayNs + ", shortest="
                    + shortestMs);
        }
    }

    /**
     * Shortest permitted epoch in milliseconds.
     *
     * @param overlapMs 1 or more.
     * @param maxDelayNs longest delay in nanoseconds, 0 or more.
     */
    public static long shortestLengthMs(long overlapMs, long maxDelayNs) {
        return Math.max(
                Math.max(MIN_LENGTH_MS, 4 * overlapMs),
                Math.addExact(2 * overlapMs, 2 * Math.ceilDiv(maxDelayNs, 1_000_000L)));
    }
}
