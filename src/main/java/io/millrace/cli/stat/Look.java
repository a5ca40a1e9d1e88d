package io.millrace.cli.stat;

import io.millrace.node.counters.CountersSnapshot;
import io.millrace.node.counters.RelayLife;

/**
 * One look at a relay.
 *
 * @param counters as they were read.
 * @param life of the relay.
 * @param nowMs the clock at the reading, in milliseconds since 1970.
 */
record Look(CountersSnapshot counters, RelayLife life, long nowMs) {
    /** Age of the counters, 0 or more, in milliseconds. */
    long ageMs() {
        return Math.max(0, nowMs - counters.heartbeatMs());
    }

    /** Whether the relay is well and its counters obey the conservation law. */
    boolean isWell() {
        return life.isWell() && counters.conserved();
    }
}
