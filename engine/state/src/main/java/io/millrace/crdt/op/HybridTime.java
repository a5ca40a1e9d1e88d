package io.millrace.crdt.op;

/**
 * A reading of a hybrid logical clock in one long: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16.
 * Readings are not negative and compare as numbers; one that is later in a chain of causes is greater.
 *
 * <p>Source: Kulkarni et al., "Logical Physical Clocks", 2014, section 6 for the packing.
 */
public final class HybridTime {
    /** Largest number of milliseconds: the year 6429. */
    public static final long MAX_MS = Long.MAX_VALUE >>> 16;

    private HybridTime() {}

    /**
     * The reading at {@code ms} milliseconds, 0 to {@link #MAX_MS}, with the counter at 0.
     *
     * @param ms milliseconds since 1970, 0 to {@link #MAX_MS}.
     */
    public static long of(long ms) {
        if (ms < 0 || ms > MAX_MS) {
            throw new IllegalArgumentException("outside the clock: ms=" + ms);
        }
        return ms << 16;
    }

    /**
     * Milliseconds since 1970 of a reading.
     *
     * @param time a reading.
     */
    public static long ms(long time) {
        return time >>> 16;
    }

    /**
     * Counter of a reading, 0 to 65,535.
     *
     * @param time a reading.
     */
    public static int counter(long time) {
        return (int) (time & 0xffff);
    }
}
