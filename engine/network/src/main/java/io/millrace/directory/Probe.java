package io.millrace.directory;

import java.util.List;

/**
 * A packet that its sender sent to itself, and how long it was under way. Secret while its packets matter: the tags show its
 * sender the delays, and would show them to others once the relays disclose.
 *
 * @param hops the relays that delayed it, in order, 1 to {@link #MAX_HOPS}; a relay may occur more than once.
 * @param elapsedNs time from its departure to its arrival by the sender's monotonic clock, in nanoseconds, 0 or more.
 */
public record Probe(List<ProbeHop> hops, long elapsedNs) {
    /** Most relays of a probe. */
    public static final int MAX_HOPS = 32;

    /** Checks the ranges and copies the list. */
    public Probe {
        hops = List.copyOf(hops);
        if (hops.isEmpty() || hops.size() > MAX_HOPS) {
            throw new IllegalArgumentException("a probe passes 1 to " + MAX_HOPS + " relays: hops=" + hops.size());
        }
        if (elapsedNs < 0) {
            throw new IllegalArgumentException("a probe arrives after it left: elapsedNs=" + elapsedNs);
        }
    }
}
