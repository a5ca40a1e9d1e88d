package io.millrace.htx.admission;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** How often each verdict was reached. Counted and read by any thread. */
public final class HandshakeCounters {
    /** Complete from the start, so that only the numbers change. */
    private final Map<HandshakeVerdict, AtomicLong> counts = new EnumMap<>(HandshakeVerdict.class);

    /** Creates counters at zero. */
    public HandshakeCounters() {
        for (HandshakeVerdict verdict : HandshakeVerdict.values()) {
            counts.put(verdict, new AtomicLong());
        }
    }

    /**
     * Counts one; returns the verdict.
     *
     * @param verdict of a handshake that ended.
     */
    public HandshakeVerdict count(HandshakeVerdict verdict) {
        counts.get(verdict).incrementAndGet();
        return verdict;
    }

    /**
     * How often {@code verdict} was reached.
     *
     * @param verdict one of them.
     */
    public long get(HandshakeVerdict verdict) {
        return counts.get(verdict).get();
    }

    /** How many first messages were refused, whatever the reason, or never came as a whole. */
    public long refusedFirst() {
        long sum = 0;
        for (HandshakeVerdict verdict : counts.keySet()) {
            switch (verdict) {
                case ANSWERED, ESTABLISHED, BAD_LAST_MESSAGE, UNKNOWN_PEER, TIMED_OUT, ABANDONED, FAILED -> {}
                default -> sum += get(verdict);
            }
        }
        return sum;
    }
}
