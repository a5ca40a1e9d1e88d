package io.millrace.carrier;

/**
 * Moves frames between slab and peers; one I/O thread calls it, nothing here blocks.
 *
 * <p>What goes wrong with one frame or one peer (refused, oversized, no buffer space) is counted by the carrier and
 * never thrown: see {@link #receiveErrors()} and {@link #sendErrors()}.
 */
public interface Carrier extends AutoCloseable {
    /**
     * Receives up to {@code limit} frames into the rooms 0 to {@code limit - 1} of {@code frames}.
     *
     * @param roomLength bytes available at each room's position; a longer frame is cut off and reported with its full
     *     length, so that the caller drops it for its length.
     * @return how many frames were filled, 0 if none waits.
     */
    int receive(FrameBatch frames, int limit, int roomLength);

    /**
     * Sends the frames {@code from} to {@code from + count - 1} to {@code peer}, in order.
     *
     * @return how many were taken; fewer than {@code count} if the peer or the system takes no more now. A frame that was
     *     taken may still be lost on the way.
     */
    int send(int peer, FrameBatch frames, int from, int count);

    /** Frames or errors that were discarded by the carrier itself while receiving. */
    long receiveErrors();

    /** Frames that were taken by {@link #send} and that the system then refused to carry. */
    long sendErrors();

    /** Releases sockets and buffers. */
    @Override
    void close();
}
