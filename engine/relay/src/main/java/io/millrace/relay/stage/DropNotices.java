package io.millrace.relay.stage;

import io.millrace.relay.packet.Verdict;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Drops of one engine thread on their way to the thread that tells the application: bounded runs of equal drops.
 *
 * <p>Threading: one thread adds and flushes, one tells; {@link #untold()} may be read by any. Wait-free, allocates nothing.
 */
public final class DropNotices {
    /** Runs that may wait. */
    static final int CAPACITY = 1024;

    /** Drops in a run at most, so that telling stays bounded. */
    static final int RUN_LIMIT = 256;

    /** Runs told in one round. */
    private static final int SHARE = 32;

    private static final Verdict[] VERDICTS = Verdict.values();

    private final int[] verdicts = new int[CAPACITY];
    private final int[] sources = new int[CAPACITY];
    private final int[] counts = new int[CAPACITY];
    private final AtomicInteger tail = new AtomicInteger();
    private final AtomicInteger head = new AtomicInteger();
    private final AtomicLong untold = new AtomicLong();
    private int verdict; // of the run that grows
    private int source;
    private int count;

    /** Adds a drop; it becomes visible with {@link #flush()}. */
    void add(Verdict reason, int from) {
        if (count > 0 && (reason.code() != verdict || from != source || count == RUN_LIMIT)) {
            flush();
        }
        verdict = reason.code();
        source = from;
        count++;
    }

    /** Makes the drops added so far visible; without room they are only counted. */
    void flush() {
        if (count == 0) {
            return;
        }
        final int next = tail.getPlain();
        if (next - head.getAcquire() == CAPACITY) {
            untold.setRelease(untold.getPlain() + count);
        } else {
            final int place = next & (CAPACITY - 1);
            verdicts[place] = verdict;
            sources[place] = source;
            counts[place] = count;
            tail.setRelease(next + 1);
        }
        count = 0;
    }

    /** Tells of the drops that wait, a share of them; returns how many. */
    int tell(Callbacks callbacks) {
        final int end = tail.getAcquire();
        int next = head.getPlain();
        int told = 0;
        for (int runs = 0; next != end && runs < SHARE; runs++) {
            final int place = next & (CAPACITY - 1);
            final Verdict reason = VERDICTS[verdicts[place]];
            final int from = sources[place];
            final int drops = counts[place];
            // First the room: if a callback ends the engine, this run is not told again.
            head.setRelease(++next);
            for (int i = 0; i < drops; i++) {
                callbacks.drop(reason, from);
            }
            told += drops;
        }
        return told;
    }

    /** Drops that found no room. */
    long untold() {
        return untold.getAcquire();
    }
}
