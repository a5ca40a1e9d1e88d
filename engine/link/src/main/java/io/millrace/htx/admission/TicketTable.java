package io.millrace.htx.admission;

/**
 * Tickets of one ticket key and one hour that were taken: exactly as far as its shares reach, coarsely beyond. A ticket
 * that was taken is always found. A ticket that was not is found by mistake only in the coarse part (a Bloom filter), with
 * a probability that grows with the number of tickets there: 7 in 10,000 at 4 times the capacity, 7 in 100 at 22 times.
 *
 * <p>Grows with its tickets, up to {@link #maxBytes}. Not thread safe.
 */
final class TicketTable {
    /** Bits of the coarse part per ticket of the capacity. */
    private static final int COARSE_BITS = 128;

    private static final int PROBES = 3;
    private static final int LEAST_PLACES = 64;
    private static final long MOST_BITS = 1L << 31;

    /** Networks share a counter by chance: so many that an honest one hardly ever shares an attacker's. */
    private static final int COUNTERS = 4_096;

    /** Part of the capacity that a network may use: of IPv6 the /32, the /48 and the /56; of IPv4 the /24 as the last. */
    private static final int[] SHARE_DIVISORS = {4, 8, 16};

    private final int capacity;
    private final TicketHash hash;
    private final int[] countByNetwork;
    private long[] exact = new long[LEAST_PLACES];
    private long[] coarse;
    private int count;

    /**
     * Creates a table without tickets.
     *
     * @param capacity tickets that are kept exactly, 1 to 2^26.
     * @param hash of tickets and networks, under a secret.
     */
    TicketTable(int capacity, TicketHash hash) {
        this.capacity = capacity;
        this.hash = hash;
        this.countByNetwork = new int[COUNTERS];
    }

    /** Bytes that a table takes at the most. */
    static long maxBytes(int capacity) {
        return 8L * places(capacity) + bits(capacity) / 8 + 4L * COUNTERS;
    }

    /** Whether a ticket with that hash was taken; false is certain. */
    boolean holds(long ticket) {
        int place = (int) ticket & (exact.length - 1);
        while (exact[place] != 0) {
            if (exact[place] == ticket) {
                return true;
            }
            place = (place + 1) & (exact.length - 1);
        }
        return coarse != null && holdsCoarsely(ticket);
    }

    /** Whether a network, or one around it, has used up its share of the exact places. */
    boolean isOverShare(long prefix) {
        for (int level = firstLevel(prefix); level < SourcePrefix.LEVELS; level++) {
            if (countByNetwork[counter(prefix, level)] >= Math.max(1, capacity / SHARE_DIVISORS[level])) {
                return true;
            }
        }
        return false;
    }

    /** Takes a ticket of that network which {@link #holds} has not found. */
    void add(long ticket, long prefix) {
        if (count == capacity || isOverShare(prefix)) {
            addCoarsely(ticket);
            return;
        }
        for (int level = firstLevel(prefix); level < SourcePrefix.LEVELS; level++) {
            countByNetwork[counter(prefix, level)]++;
        }
        if (count >= exact.length - exact.length / 4) {
            grow();
        }
        put(ticket);
        count++;
    }

    private void put(long ticket) {
        int place = (int) ticket & (exact.length - 1);
        while (exact[place] != 0) {
            place = (place + 1) & (exact.length - 1);
        }
        exact[place] = ticket;
    }

    private void grow() {
        final long[] before = exact;
        exact = new long[2 * before.length];
        for (long ticket : before) {
            if (ticket != 0) {
                put(ticket);
            }
        }
    }

    private boolean holdsCoarsely(long ticket) {
        for (int probe = 0; probe < PROBES; probe++) {
            final long bit = bit(ticket, probe);
            if ((coarse[(int) (bit >>> 6)] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    private void addCoarsely(long ticket) {
        if (coarse == null) {
            coarse = new long[(int) (bits(capacity) / Long.SIZE)];
        }
        for (int probe = 0; probe < PROBES; probe++) {
            final long bit = bit(ticket, probe);
            coarse[(int) (bit >>> 6)] |= 1L << bit;
        }
    }

    private long bit(long ticket, int probe) {
        return (hash.second(ticket, probe) & Integer.MAX_VALUE) & ((long) coarse.length * Long.SIZE - 1);
    }

    private int counter(long prefix, int level) {
        return (int) hash.of(SourcePrefix.network(prefix, level), level) & (countByNetwork.length - 1);
    }

    /** The levels of an IPv4 network are all the same. */
    private static int firstLevel(long prefix) {
        return SourcePrefix.isIpv4(prefix) ? SourcePrefix.LEVELS - 1 : 0;
    }

    private static long places(int capacity) {
        long places = LEAST_PLACES;
        while (places - places / 4 < capacity) {
            places *= 2;
        }
        return places;
    }

    private static long bits(int capacity) {
        return Math.min(MOST_BITS, powerOfTwoFrom(capacity) * (long) COARSE_BITS);
    }

    private static int powerOfTwoFrom(int least) {
        return Integer.highestOneBit(Math.max(1, 2 * least - 1));
    }
}
