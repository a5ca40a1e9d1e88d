package io.millrace.cli.explain;

import java.util.Map;

/**
 * What a packet's lateness is put down to, in nanoseconds; every cause is in both maps.
 *
 * @param during to what was under way while the packet was in the relay, and what is left unexplained.
 * @param after to the backlog that something left behind which was over by then.
 */
record Blame(Map<Cause, Long> during, Map<Cause, Long> after) {
    /** Both together. */
    long of(Cause cause) {
        return during.get(cause) + after.get(cause);
    }
}
