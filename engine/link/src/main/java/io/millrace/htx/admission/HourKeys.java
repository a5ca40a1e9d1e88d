package io.millrace.htx.admission;

import static io.millrace.memory.Layouts.BE_LONG;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The MAC keys of the tickets that are valid now: of every ticket key, those of the last hour, this one and the next,
 * found by the id that tickets show. Derived once per hour, and again when the clock jumps to another.
 */
final class HourKeys implements AutoCloseable {
    /** How far an initiator's clock may be off, in hours. */
    static final int TOLERANCE_HOURS = 1;

    /** Hours that are valid at once. */
    static final int HOURS = 2 * TOLERANCE_HOURS + 1;

    private final List<TicketKey> keys;
    private final SecretKey macKeys;
    private final Map<Long, Integer> indexById = new HashMap<>();
    private final long[] hourByIndex;
    private long hour = Long.MIN_VALUE;

    HourKeys(List<TicketKey> keys) {
        this.keys = List.copyOf(keys);
        // One more, all zero, so that an unknown id costs the same time as a known one.
        this.macKeys = SecretKey.blank((keys.size() * HOURS + 1) * SecretKey.LENGTH);
        this.hourByIndex = new long[keys.size() * HOURS];
    }

    /** Derives the keys again if the hour has changed, in whichever direction. */
    void turnTo(long now) {
        if (now == hour) {
            return;
        }
        hour = Long.MIN_VALUE; // until all keys are there: a call that fails is made again
        indexById.clear();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment derived = arena.allocate(TicketKey.HOUR_LENGTH);
            try {
                derive(derived, now);
            } finally {
                Wiping.wipe(derived);
            }
        }
        hour = now;
    }

    private void derive(MemorySegment derived, long now) {
        int index = 0;
        for (TicketKey key : keys) {
            for (long each = now - TOLERANCE_HOURS; each <= now + TOLERANCE_HOURS; each++) {
                key.derive(derived, each);
                macKey(index).copyFrom(derived.asSlice(0, SecretKey.LENGTH));
                hourByIndex[index] = each;
                indexById.put(derived.get(BE_LONG, SecretKey.LENGTH), index++);
            }
        }
    }

    long hour() {
        return hour;
    }

    /** Index of the key with that id, or the one behind the last if there is none. */
    int indexOf(long id) {
        return indexById.getOrDefault(id, hourByIndex.length);
    }

    boolean isKnown(int index) {
        return index < hourByIndex.length;
    }

    /** Which ticket key it is, from 0. */
    int keyOf(int index) {
        return index / HOURS;
    }

    long hourOf(int index) {
        return hourByIndex[index];
    }

    MemorySegment macKey(int index) {
        return macKeys.segment().asSlice((long) index * SecretKey.LENGTH, SecretKey.LENGTH);
    }

    @Override
    public void close() {
        macKeys.close();
    }
}
