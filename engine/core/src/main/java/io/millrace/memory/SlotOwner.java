package io.millrace.memory;

/** Who holds a slot. Ownership moves with the packet, and only its owner may read or write a slot. */
public enum SlotOwner {
    /** On the slab's free list. */
    FREE,
    /** Held by the I/O thread as room for the next frame, or for a frame that has just arrived. */
    CARRIER,
    /** In the ring or in an engine thread's hands. */
    ENGINE,
    /** Claimed by the application, which fills it with its packet. */
    APPLICATION,
    /** Waiting on the delay wheel. */
    WHEEL,
    /** Sealed and queued for a peer. */
    EGRESS
}
