package io.millrace.relay.packet;

import io.millrace.link.LinkTransition;
import java.lang.foreign.MemorySegment;

/**
 * Calls of an engine to its application.
 *
 * <p>Threading: one thread calls all methods, never two at once: the thread that owns the delay wheel, which is
 * {@code millrace-relay} under SHARED, {@code millrace-engine} under SPLIT and {@code millrace-gate} under PARALLEL. The
 * one exception: the last {@link #onDrop} and {@link #onLinkDown} calls come on the thread that stops the engine, after all
 * engine threads have ended. Packets wait while a callback runs: it must be quick, must not block, must copy data that
 * it keeps, and must not start, stop or close the engine.
 *
 * <p>Failures: an exception in a callback ends that call only. The packet is refused and {@link #onFailure} is called. An
 * {@link Error} ends the engine ({@link io.millrace.relay.EngineState#FAILED}), because it says that the process is damaged or
 * that the
 * program is wrong; {@link #onFailure} is called before.
 */
public interface RelayListener {
    /** Does nothing: refuses deliveries and packets for direct peers. */
    RelayListener NONE = new RelayListener() {};

    /**
     * A packet ended here as its last hop, after its delay.
     *
     * @param delivery the payload; valid only during the call.
     * @return false to refuse it: it is then dropped and counted as {@link Verdict#REFUSED}.
     */
    default boolean onDeliver(Delivery delivery) {
        return false;
    }

    /**
     * A bare Sphinx packet is due for a peer that has no link of the engine's own ({@link io.millrace.relay.peer.Peer#direct}).
     *
     * @param peer index of the peer.
     * @param packet exactly the packet, read-only, native; valid only during the call.
     * @return false to refuse it: it is then dropped and counted as {@link Verdict#REFUSED}.
     */
    default boolean onForward(int peer, MemorySegment packet) {
        return false;
    }

    /**
     * A loop packet came home; it is counted as {@link Verdict#COVER} right after. Loops that fail to come home, or come
     * home late, are how an application notices that packets are dropped or delayed on the way.
     *
     * <p>Told at once, without the delay of a relayed packet: an application that answers a loop with traffic must choose a
     * delay itself.
     *
     * @param idLow first eight bytes of the id that the sender gave the loop, little endian.
     * @param idHigh last eight bytes of the id, little endian.
     */
    default void onLoop(long idLow, long idHigh) {}

    /**
     * A packet was dropped. Drops of other threads than the caller's wait in bounded queues; those that find no room are
     * counted in {@link io.millrace.relay.RelayEngine#untoldDrops()} instead of being told.
     *
     * @param verdict the reason.
     * @param source where the packet came from, see {@link PacketSource}.
     */
    default void onDrop(Verdict verdict, int source) {}

    /**
     * A session of a handshaked link began: the link came up, or a newer session took over from one that ended
     * ({@link LinkTransition.Cause#RENEWED}). Packets for the peer may be sent before this is told.
     *
     * @param transition names the peer by its index and the sessions by their handshake hashes, which the peer has, too.
     */
    default void onLinkUp(LinkTransition transition) {}

    /**
     * A handshaked link went down: packets for the peer are dropped as {@link Verdict#LINK_DOWN} until it is up again.
     *
     * @param transition with the peer and the cause.
     */
    default void onLinkDown(LinkTransition transition) {}

    /**
     * A callback failed. At most ten failures a second are told; {@link io.millrace.relay.RelayEngine#callbackFailures()}
     * counts all. An
     * exception in this method is counted and goes no further. By default the failure is logged as a warning by
     * {@link System.Logger} {@code io.millrace.relay}.
     *
     * @param failure thrown by the callback.
     * @param callback which one.
     */
    default void onFailure(Throwable failure, Callback callback) {
        System.getLogger("io.millrace.relay")
                .log(System.Logger.Level.WARNING, "a callback of the application failed: " + callback, failure);
    }
}
