package io.millrace.htx.admission;

import io.millrace.crypto.Randomness;
import java.util.Arrays;

/**
 * Which tickets were taken, by ticket key and hour, for as long as they are valid and some hours longer: a wall clock that
 * jumps and comes back finds the tickets of before. Tickets of an hour that had to be dropped to make room are refused from
 * then on.
 *
 * <p>Each ticket key has the same part of the capacity, so that a holder of one key uses up its own part only; within it
 * each network has a share, see {@link TicketTable}. No ticket is refused for want of room.
 *
 * <p>Not thread safe.
 */
final class SeenTickets {
    /** Knowledge about a ticket. */
    enum Standing {
        NEW,
        SEEN,
        FORGOTTEN
    }

    /** Hours that are kept: those that are valid at once, and as many others. */
    static final int HOURS = 2 * HourKeys.HOURS;

    private static final long NO_HOUR = Long.MIN_VALUE;

    private final int capacity;
    private final TicketHash hash;
    private final TicketTable[][] tables;
    private final long[] hours = new long[HOURS];
    private final DroppedHours dropped = new DroppedHours();

    /**
     * Creates a memory without tickets.
     *
     * @param capacity tickets per hour that are kept exactly, over all keys.
     * @param keys ticket keys, 1 or more.
     */
    SeenTickets(int capacity, int keys, Randomness randomness) {
        this.capacity = Math.max(1, capacity / keys);
        this.hash = new TicketHash(randomness);
        this.tables = new TicketTable[HOURS][keys];
        Arrays.fill(hours, NO_HOUR);
    }

    /** Bytes that the tickets of all hours take at the most. */
    long maxBytes() {
        return (long) HOURS * tables[0].length * TicketTable.maxBytes(capacity);
    }

    /** Looks a ticket up by its MAC. */
    Standing standing(int key, long hour, long macHigh, long macLow) {
        if (dropped.contains(hour)) {
            return Standing.FORGOTTEN;
        }
        final TicketTable table = table(key, hour);
        return table != null && table.holds(hash.of(macHigh, macLow)) ? Standing.SEEN : Standing.NEW;
    }

    /** Whether a network has used up its share of a key's tickets in an hour. */
    boolean isOverShare(int key, long hour, long prefix) {
        final TicketTable table = table(key, hour);
        return table != null && table.isOverShare(prefix);
    }

    /**
     * Takes a ticket, unless it was taken before or is of an hour that was dropped.
     *
     * @param now the present hour: of the hours that are kept, the most distant one makes room.
     * @return the previous knowledge about it: taken only if {@link Standing#NEW}.
     */
    Standing add(int key, long hour, long now, long macHigh, long macLow, long prefix) {
        final Standing standing = standing(key, hour, macHigh, macLow);
        if (standing == Standing.NEW) {
            final int slot = slotFor(hour, now);
            if (tables[slot][key] == null) {
                tables[slot][key] = new TicketTable(capacity, hash);
            }
            tables[slot][key].add(hash.of(macHigh, macLow), prefix);
        }
        return standing;
    }

    private TicketTable table(int key, long hour) {
        for (int slot = 0; slot < HOURS; slot++) {
            if (hours[slot] == hour) {
                return tables[slot][key];
            }
        }
        return null;
    }

    private int slotFor(long hour, long now) {
        int chosen = 0;
        for (int slot = 0; slot < HOURS; slot++) {
            if (hours[slot] == hour) {
                return slot;
            }
            if (distance(slot, now) > distance(chosen, now)) {
                chosen = slot;
            }
        }
        if (hours[chosen] != NO_HOUR) {
            dropped.add(hours[chosen]);
            Arrays.fill(tables[chosen], null);
        }
        hours[chosen] = hour;
        return chosen;
    }

    /** A free slot is more distant than any hour. */
    private long distance(int slot, long now) {
        return hours[slot] == NO_HOUR ? Long.MAX_VALUE : Math.abs(hours[slot] - now);
    }
}
