package io.millrace.carrier;

import java.net.InetSocketAddress;

/**
 * Moves frames between slab and peers; one I/O thread calls it, nothing here blocks but {@link #await}.
 *
 * <p>Errors of one frame or one peer (refused, oversized, no buffer space) are counted by the carrier and
 * never thrown: see {@link #receiveErrors()} and {@link #sendErrors()}.
 */
public interface Carrier extends AutoCloseable {
    /** Longest control message in bytes. */
    int MESSAGE_LIMIT = 1_280;

    /** Longest wait of {@link #await} in nanoseconds. */
    long LONGEST_WAIT_NS = 1_000_000_000;

    /**
     * Receives up to {@code limit} frames into the rooms 0 to {@code limit - 1} of {@code frames}.
     *
     * @param frames with rooms; receives positions, lengths and peers.
     * @param limit most frames, 0 to the capacity of {@code frames}.
     * @param roomLength bytes available at each room's position; a longer frame is cut off and reported with its full
     *     length, so that the caller drops it for its length.
     * @return how many frames were filled, 0 if none waits.
     */
    int receive(DatagramBatch frames, int limit, int roomLength);

    /**
     * Sends the frames {@code from} to {@code from + count - 1} to {@code peer}, in order.
     *
     * @param peer index of the peer.
     * @param frames to be sent.
     * @param from first frame in {@code frames}.
     * @param count of frames, 0 or more.
     * @return how many were taken; fewer than {@code count} if the peer or the system takes no more now, 0 if there is no
     *     such peer. A frame that was
     *     taken may still be lost on the way.
     */
    int send(int peer, DatagramBatch frames, int from, int count);

    /**
     * Whether several frames for one peer in a call of {@link #send} cost much less than in a call each, so that frames may
     * wait for others under load.
     */
    default boolean gainsByTrains() {
        return false;
    }

    /**
     * Sends one short message, or loses it: control messages between neighbours.
     *
     * @param origin a peer, or the origin of the message that this one answers, as {@link DatagramBatch#origin} said.
     * @param messages batch that holds the message.
     * @param index of the message in {@code messages}; at most {@link #MESSAGE_LIMIT} bytes.
     */
    default void sendMessage(int origin, DatagramBatch messages, int index) {
        if (origin >= 0) {
            send(origin, messages, index, 1);
        }
    }

    /**
     * Adds a peer while frames move. Any thread.
     *
     * @param peer index that no peer has, 0 or more.
     * @param address of the peer, resolved; that of no other peer.
     * @throws UnsupportedOperationException if the carrier knows all its peers from the beginning.
     */
    default void addPeer(int peer, InetSocketAddress address) {
        throw new UnsupportedOperationException("this carrier takes no further peers: peer=" + peer);
    }

    /**
     * Removes a peer while frames move. Frames from its address come from a stranger soon after, and {@link #send} takes
     * none for it. Any thread; does nothing if there is no such peer.
     *
     * @param peer index of the peer.
     */
    default void removePeer(int peer) {}

    /**
     * Gives a peer another address while frames move, or its first if it had none. A connection to the address before is
     * closed. Any thread.
     *
     * @param peer index of the peer.
     * @param address resolved; that of no other peer.
     * @throws IllegalArgumentException if there is no such peer, another peer has the address, or the carrier's socket does
     *     not reach it; nothing has changed.
     * @throws UnsupportedOperationException if the carrier knows all its peers from the beginning.
     */
    default void movePeer(int peer, InetSocketAddress address) {
        throw new UnsupportedOperationException("this carrier moves no peers: peer=" + peer);
    }

    /**
     * Takes an origin to be the way to a peer from now on: its connection, or the local address to send from.
     *
     * @param origin of a message that has proven to be the peer's, as {@link DatagramBatch#origin} said.
     * @param peer index of the peer.
     */
    default void bind(int origin, int peer) {}

    /** A peer whose connection was lost since it was bound; {@link DatagramBatch#UNKNOWN_PEER} if there is none, or no more. */
    default int pollLost() {
        return DatagramBatch.UNKNOWN_PEER;
    }

    /** Whether {@link #await} waits for what arrives; if not, it must not be called. */
    default boolean canAwait() {
        return false;
    }

    /**
     * Waits until something may have arrived, until a call of {@link #wakeUp()}, or for so long; the one method that blocks.
     * Only the I/O thread calls it, after a {@link #receive} that found nothing. It may return early for no reason.
     *
     * @param ns longest wait in nanoseconds, cut to whole milliseconds and to {@link #LONGEST_WAIT_NS}.
     * @throws IllegalArgumentException if it is shorter than a millisecond.
     */
    default void await(long ns) {
        throw new UnsupportedOperationException("this carrier cannot wait");
    }

    /** Ends {@link #await}, or the next call of it. Any thread; does nothing after {@link #close()}. */
    default void wakeUp() {}

    /**
     * Whether every frame that it will ever hand over is made in order to measure the engine, by this process or the one
     * that started it, and every frame that it takes stays there. Only then does an engine run without replay protection,
     * or take a key into use again. No carrier of this package says so, and none that reaches another party may.
     */
    default boolean isClosedLoop() {
        return false;
    }

    /** Frames or errors that were discarded by the carrier itself while receiving. */
    long receiveErrors();

    /** Frames that were taken by {@link #send} and that the system then refused to carry. */
    long sendErrors();

    /** Releases sockets and buffers. */
    @Override
    void close();
}
