package io.millrace.crdt.op;

import java.util.function.LongSupplier;

/**
 * A hybrid logical clock: close to the wall clock, and later than observed readings within {@code maxSkewMs} of it.
 *
 * <p>A wrong clock of another could drag this one along. So readings further ahead of the wall
 * clock than {@code maxSkewMs} are refused by their receiver ({@link #isAhead}), and the clock never follows one, not
 * even its own from before the wall clock was set right. For such a reading, the graph of operations
 * decides: an operation takes effect after all that it names, whatever their clocks said.
 *
 * <p>Not thread safe.
 */
public final class HybridClock {
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

    /**
     * Whether a reading is too far ahead to be believed now.
     *
     * @param time a reading.
     */
    public boolean isAhead(long time) {
        return HybridTime.ms(time) > wallMs.getAsLong() + maxSkewMs;
    }

    /**
     * Makes all further readings later than {@code time}, unless it is too far ahead to be followed.
     *
     * @param time a reading.
     */
    public void observe(long time) {
        if (!isAhead(time)) {
            last = Math.max(last, time);
        }
    }

    /** The latest reading that it has given or followed; 0 for none. */
    public long latest() {
        return last;
    }

    /**
     * The next reading: later than every reading before and everything observed, as far as that is not too far ahead of
     * the wall clock; else, after the wall clock was set back, the wall clock's. A full counter carries into the
     * milliseconds.
     *
     * @return a reading that is not ahead, in the sense of {@link #isAhead}, while the wall clock stays.
     */
    public long tick() {
        final long wall = HybridTime.of(wallMs.getAsLong());
        final long next = Math.max(wall, last + 1);
        last = isAhead(next) ? wall : next;
        return last;
    }
}
