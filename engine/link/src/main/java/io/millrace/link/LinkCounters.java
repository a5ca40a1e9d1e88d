package io.millrace.link;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Events of one link other than packets. Written by one thread, read by any. */
public final class LinkCounters {
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();
    private final AtomicLong rekeys = new AtomicLong();
    private volatile boolean hybrid;
    private final Map<LinkFailure, AtomicLong> failures = new EnumMap<>(LinkFailure.class);

    /** All zero. */
    public LinkCounters() {
        for (LinkFailure failure : LinkFailure.values()) {
            failures.put(failure, new AtomicLong());
        }
    }

    /** Handshakes begun by this end or answered by it. */
    public long started() {
        return started.get();
    }

    /** Handshakes that led to a session; all but the first replaced one. */
    public long finished() {
        return finished.get();
    }

    /** Keys made from the key before, both directions together. */
    public long rekeys() {
        return rekeys.get();
    }

    /** Whether the session that was established last came from a hybrid handshake. */
    public boolean isHybrid() {
        return hybrid;
    }

    /** How often each thing went wrong; causes that did not occur are absent. */
    public Map<LinkFailure, Long> failures() {
        final Map<LinkFailure, Long> map = new EnumMap<>(LinkFailure.class);
        failures.forEach((failure, count) -> {
            if (count.get() != 0) {
                map.put(failure, count.get());
            }
        });
        return map;
    }

    void start() {
        started.incrementAndGet();
    }

    void finish() {
        finished.incrementAndGet();
    }

    void established(boolean byHybrid) {
        hybrid = byHybrid;
    }

    void rekey(long count) {
        rekeys.addAndGet(count);
    }

    void fail(LinkFailure failure) {
        failures.get(failure).incrementAndGet();
    }
}
