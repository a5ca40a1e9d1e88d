package io.millrace.relay.packet;

/** A method of {@link RelayListener} in which the application's own code failed. */
public enum Callback {
    /** {@link RelayListener#onDeliver}: the packet was dropped as {@link Verdict#REFUSED}. */
    DELIVER,
    /** {@link RelayListener#onForward}: the packet was dropped as {@link Verdict#REFUSED}. */
    FORWARD,
    /** {@link RelayListener#onLoop}: the packet was counted as {@link Verdict#COVER} all the same. */
    LOOP,
    /** {@link RelayListener#onDrop}: the packet had been dropped already. */
    DROP,
    /** {@link RelayListener#onLinkUp}. */
    LINK_UP,
    /** {@link RelayListener#onLinkDown}. */
    LINK_DOWN
}
