package io.millrace.htx.session;

import java.util.concurrent.TimeUnit;

/**
 * Bounds the streams that a peer gives up, or opens without room for them: {@link #BURST} times its limit of
 * open streams at once, and that limit again in each second. A peer that opens and resets streams for their own
 * sake costs this end work that no other bound covers.
 *
 * <p>Not thread safe.
 */
final class ResetBudget {
    /** Resets at once, as a multiple of the streams that may be open. */
    static final int BURST = 8;

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final long intervalNs;
    private final long burstNs;
    private long paidUntilNs;

    /** @param perSecond resets in each second, 1 or more. */
    ResetBudget(int perSecond, long nowNs) {
        intervalNs = SECOND_NS / perSecond;
        burstNs = (long) BURST * perSecond * intervalNs;
        paidUntilNs = nowNs;
    }

    /** Takes one; false if there were too many. */
    boolean take(long nowNs) {
        paidUntilNs = Math.max(paidUntilNs - nowNs, 0) + nowNs + intervalNs;
        return paidUntilNs - nowNs <= burstNs;
    }
}
