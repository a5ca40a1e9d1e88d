package io.millrace.relay;

import java.lang.foreign.MemorySegment;

/**
 * What an application hears from its engine. Called on the engine's threads, for each packet: it must be quick, must not
 * block, and must copy what it wants to keep.
 */
public interface RelayListener {
    /** Hears nothing: refuses deliveries and packets for direct peers. */
    RelayListener NONE = new RelayListener() {};

    /**
     * A packet ended here as its last hop.
     *
     * @param delivery a view that is valid only during the call.
     * @return false to refuse it: it is then dropped and counted as {@link Verdict#REFUSED}.
     */
    default boolean onDeliver(Delivery delivery) {
        return false;
    }

    /**
     * A bare Sphinx packet is due for a peer that has no link of the engine's own ({@link Peer#direct}).
     *
     * @param peer index of the peer.
     * @param memory holds the packet; valid only during the call.
     * @param position of its first byte in {@code memory}.
     * @param length in bytes.
     * @return false to refuse it: it is then dropped and counted as {@link Verdict#REFUSED}.
     */
    default boolean onForward(int peer, MemorySegment memory, long position, int length) {
        return false;
    }

    /**
     * A packet was dropped.
     *
     * @param peer index of the peer it came from, or negative if unknown or the application's own.
     */
    default void onDrop(Verdict verdict, int peer) {}
}
