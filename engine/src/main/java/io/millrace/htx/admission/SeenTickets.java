package io.millrace.htx.admission;

import java.util.Arrays;

/**
 * Exactly which tickets were seen, by their MACs, for as long as they would be valid. Each hour has room for the same
 * number; when it is full, no further ticket of that hour is taken, and nothing is pushed out.
 *
 * <p>The MACs were verified before, so they are as good as random and nobody can choose where they fall.
 */
final class SeenTickets {
    /** What came of {@link #add}. */
    enum Outcome {
        ADDED,
        DUPLICATE,
        FULL
    }

    /** The hours that are valid at once, and one more to make it a power of two. */
    private static final int SLOTS = 4;

    private static final long NO_HOUR = Long.MIN_VALUE;

    private final int capacity;
    private final int mask;
    private final long[][] macs = new long[SLOTS][];
    private final long[] hours = new long[SLOTS];
    private final int[] counts = new int[SLOTS];

    /** Room for {@code capacity} tickets an hour; allocated at once, about 86 bytes a ticket over all hours. */
    SeenTickets(int capacity) {
        this.capacity = capacity;
        final int places = Integer.highestOneBit(Math.max(1, capacity + capacity / 3) - 1) << 1;
        this.mask = Math.max(2, places) - 1;
        for (int slot = 0; slot < SLOTS; slot++) {
            macs[slot] = new long[2 * (mask + 1)];
            hours[slot] = NO_HOUR;
        }
    }

    /** Remembers the ticket with that MAC, which is valid around {@code hour}, unless it was seen before. */
    Outcome add(long hour, long macHigh, long macLow) {
        final int slot = (int) (hour & (SLOTS - 1));
        assert hours[slot] == hour || hours[slot] == NO_HOUR : "the hours were not turned";
        hours[slot] = hour;
        final long[] table = macs[slot];
        // All zero marks a free place.
        final long low = macHigh == 0 && macLow == 0 ? 1 : macLow;
        int place = (int) macHigh & mask;
        while (table[2 * place] != 0 || table[2 * place + 1] != 0) {
            if (table[2 * place] == macHigh && table[2 * place + 1] == low) {
                return Outcome.DUPLICATE;
            }
            place = (place + 1) & mask;
        }
        if (counts[slot] == capacity) {
            return Outcome.FULL;
        }
        table[2 * place] = macHigh;
        table[2 * place + 1] = low;
        counts[slot]++;
        return Outcome.ADDED;
    }

    /** Forgets the tickets that are not valid any more at {@code hour}. */
    void turnTo(long hour) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (hours[slot] != NO_HOUR && hours[slot] < hour - HourKeys.TOLERANCE_HOURS) {
                Arrays.fill(macs[slot], 0);
                hours[slot] = NO_HOUR;
                counts[slot] = 0;
            }
        }
    }
}
