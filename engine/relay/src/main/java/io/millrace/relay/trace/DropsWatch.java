package io.millrace.relay.trace;

import io.millrace.relay.packet.Verdict;
import java.util.concurrent.TimeUnit;

/**
 * Gathers one thread's drops for a recording and writes them a few times a second, however many there are. Allocates
 * nothing. Belongs to one thread; told of drops only while something records.
 */
public final class DropsWatch {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Verdict[] VERDICTS = Verdict.values();

    private final DropsEvent event = new DropsEvent();
    private final long[] counts = new long[VERDICTS.length];
    private long lastNs = System.nanoTime() - INTERVAL_NS;
    private boolean pending;

    /** Whether something records drops. */
    public boolean isEnabled() {
        return event.isEnabled();
    }

    public void dropped(Verdict verdict) {
        counts[verdict.code()]++;
        pending = true;
    }

    /** Writes the gathered drops, if it is time again. */
    public void flush() {
        if (pending) {
            final long now = System.nanoTime();
            if (now - lastNs >= INTERVAL_NS) {
                lastNs = now;
                write();
            }
        }
    }

    /** Writes the gathered drops. */
    public void write() {
        pending = false;
        for (int code = 0; code < counts.length; code++) {
            if (counts[code] > 0) {
                event.reason = VERDICTS[code].label();
                event.count = counts[code];
                event.begin(); // its time: a reused event would keep that of the one before
                event.commit();
                counts[code] = 0;
            }
        }
    }
}
