package io.millrace.relay.queue;

/** One entry of the ring: a slot index and the kind of its content. Everything else is in the slot itself. */
public final class RelayEvent {
    /** A link frame from a peer: open, peel, route. */
    public static final int FRAME = 0;

    /** A bare Sphinx packet from the application: peel, route. */
    public static final int PACKET = 1;

    /** A Sphinx packet that the application has wrapped: seal for its first hop. */
    public static final int ORIGINATED = 2;

    /** In {@link #slot}: the packet was dropped by an earlier stage. */
    public static final int NO_SLOT = -1;

    /** The packet's slot, or {@link #NO_SLOT}. */
    public int slot;

    /** {@link #FRAME}, {@link #PACKET} or {@link #ORIGINATED}; the same as in the slot. */
    public int kind;
}
