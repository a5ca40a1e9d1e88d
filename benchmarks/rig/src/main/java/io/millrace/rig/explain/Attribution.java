package io.millrace.rig.explain;

import java.util.Map;

/**
 * Causes of a packet's lateness, in nanoseconds; every cause is in both maps.
 *
 * @param during events while the packet was in the relay, and the unexplained rest.
 * @param after to the backlog that something left behind which was over by then.
 */
record Attribution(Map<Cause, Long> during, Map<Cause, Long> after) {
    /** Both together. */
    long of(Cause cause) {
        return during.get(cause) + after.get(cause);
    }
}
