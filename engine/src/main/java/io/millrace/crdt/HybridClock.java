package io.millrace.crdt;

import java.util.function.LongSupplier;

/**
 * A hybrid logical clock: close to the wall clock, never backwards, and later than everything it has observed.
 *
 * <p>Whoever follows clocks of others can be dragged along by one that is wrong, and in a map where the latest write wins a
 * clock far ahead wins for good. So readings further ahead of the wall clock than {@code maxSkewMs} are refused by their
 * receiver ({@link #isAhead}) and not observed, and the clock itself never gives one.
 *
 * <p>Not thread safe.
 */
public final class HybridClock {
    /** {@link #tick}: the wall clock is too far behind what was observed. */
    public static final long BEHIND = -1;

    private final LongSupplier wallMs;
    private final long maxSkewMs;
    private long last;

    /**
     * A clock that has observed nothing.
     *
     * @param wallMs milliseconds since 1970.
     * @param maxSkewMs how far ahead of {@code wallMs} a reading may be, 0 or more.
     */
    public HybridClock(LongSupplier wallMs, long maxSkewMs) {
        if (maxSkewMs < 0 || maxSkewMs > HybridTime.MAX_MS / 2) {
            throw new IllegalArgumentException("outside the clock: maxSkewMs=" + maxSkewMs);
        }
        this.wallMs = wallMs;
        this.maxSkewMs = maxSkewMs;
    }

    /** Whether a reading is too far ahead to be believed now. */
    public boolean isAhead(long time) {
        return HybridTime.ms(time) > wallMs.getAsLong() + maxSkewMs;
    }

    /** Makes all further readings later than {@code time}. */
    public void observe(long time) {
        last = Math.max(last, time);
    }

    /**
     * The next reading: later than every reading before and everything observed. A full counter carries into the
     * milliseconds.
     *
     * @return {@link #BEHIND} if that would be too far ahead of the wall clock: others would refuse it.
     */
    public long tick() {
        final long next = Math.max(HybridTime.of(wallMs.getAsLong()), last + 1);
        if (isAhead(next)) {
            return BEHIND;
        }
        last = next;
        return next;
    }
}
