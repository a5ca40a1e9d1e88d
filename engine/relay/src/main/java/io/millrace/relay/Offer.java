package io.millrace.relay;

import io.millrace.relay.packet.Verdict;

/** Answer of an engine to packets that the application offers. */
public enum Offer {
    /** The engine took the packets; each gets a {@link Verdict}. */
    OK,
    /** No free slot, or no room in the ring: nothing was taken or counted; a later call may succeed. */
    FULL,
    /** The engine does not run (not started, stopping, stopped or failed): nothing was taken, nor will be. */
    CLOSED
}
