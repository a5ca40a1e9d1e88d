package io.millrace.htx.admission;

import io.millrace.crypto.Randomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A token bucket per network, in a table of fixed size. A bucket that has filled up again is no different from none, so
 * its place is free. Networks for which there is no place share one bucket: a flood from many networks limits itself and
 * costs no memory, and those that were known before keep their own.
 *
 * <p>A bucket is one number: the time at which it will be full again (the generic cell rate algorithm).
 */
final class PrefixBuckets {
    /** Places among which one network may choose. */
    private static final int WAYS = 8;

    private final long intervalNs;
    private final long burstNs;
    private final int mask;
    private final long seed;
    private final long[] prefixes;
    private final long[] fullAtNs;
    private long othersFullAtNs;

    /**
     * Makes a table.
     *
     * @param perSecond handshakes a second that a network may begin, 1 or more.
     * @param burst handshakes that it may begin at once, 1 or more.
     * @param networks places, a power of two, 8 or more.
     * @param nowNs the time now, on the clock of {@link #take}.
     */
    PrefixBuckets(int perSecond, int burst, int networks, long nowNs, Randomness randomness) {
        this.intervalNs = 1_000_000_000L / perSecond;
        this.burstNs = burst * intervalNs;
        this.mask = networks - 1;
        this.prefixes = new long[networks];
        this.fullAtNs = new long[networks];
        Arrays.fill(fullAtNs, nowNs);
        this.othersFullAtNs = nowNs;
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment drawn = arena.allocate(ValueLayout.JAVA_LONG);
            randomness.fill(drawn);
            this.seed = drawn.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Takes a token of the network's bucket; false if it has none. */
    boolean take(long prefix, long nowNs) {
        final int first = place(prefix);
        int free = -1;
        for (int way = 0; way < WAYS; way++) {
            final int at = (first + way) & mask;
            final boolean inUse = fullAtNs[at] - nowNs > 0;
            if (inUse && prefixes[at] == prefix) {
                return takeAt(at, nowNs);
            }
            if (!inUse && free < 0) {
                free = at;
            }
        }
        if (free < 0) {
            othersFullAtNs = notLater(othersFullAtNs, nowNs);
            final long next = Math.max(othersFullAtNs - nowNs, 0) + intervalNs;
            if (next > burstNs) {
                return false;
            }
            othersFullAtNs = nowNs + next;
            return true;
        }
        prefixes[free] = prefix;
        fullAtNs[free] = nowNs;
        return takeAt(free, nowNs);
    }

    private boolean takeAt(int at, long nowNs) {
        fullAtNs[at] = notLater(fullAtNs[at], nowNs);
        final long next = Math.max(fullAtNs[at] - nowNs, 0) + intervalNs;
        if (next > burstNs) {
            return false;
        }
        fullAtNs[at] = nowNs + next;
        return true;
    }

    /** An empty bucket is full after the time of a burst. A later time shows a clock that went back: one token is left. */
    private long notLater(long atNs, long nowNs) {
        return atNs - nowNs > burstNs ? nowNs + burstNs - intervalNs : atNs;
    }

    /** Where a network's places begin; depends on a secret seed, so that no peer can fill another's on purpose. */
    private int place(long prefix) {
        long mixed = (prefix ^ seed) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 32) ^ seed) * 0xd6e8feb86659fd93L;
        return (int) (mixed >>> 32) & mask;
    }
}
