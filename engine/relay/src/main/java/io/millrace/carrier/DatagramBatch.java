package io.millrace.carrier;

import java.lang.foreign.MemorySegment;

/**
 * Positions, lengths, peers and origins of frames in one memory segment: how the I/O thread and a carrier talk about many
 * frames without an object for each.
 *
 * <p>Not thread safe; belongs to the I/O thread.
 */
public final class DatagramBatch {
    /**
     * Peer of a frame whose source is none of the configured peers. A lower value names a source that may prove
     * to be one, such as a connection that was accepted.
     */
    public static final int UNKNOWN_PEER = -1;

    private final MemorySegment memory;
    private final long[] positions;
    private final int[] lengths;
    private final int[] peers;
    private final int[] origins;

    /**
     * Creates a batch over {@code memory}.
     *
     * @param memory native; every position lies in it.
     * @param capacity in frames, 1 or more.
     */
    public DatagramBatch(MemorySegment memory, int capacity) {
        if (!memory.isNative() || capacity < 1) {
            throw new IllegalArgumentException(
                    "memory must be native, capacity positive: memory=" + memory + ", capacity=" + capacity);
        }
        this.memory = memory;
        this.positions = new long[capacity];
        this.lengths = new int[capacity];
        this.peers = new int[capacity];
        this.origins = new int[capacity];
    }

    /** The segment that every position refers to. */
    public MemorySegment memory() {
        return memory;
    }

    /** Refuses memory that is closed or another thread's: the kernel is given addresses and does not check that. */
    void requireOpen() {
        if (!memory.scope().isAlive()) {
            throw new IllegalStateException("the memory of the frames is closed");
        }
        if (!memory.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the memory of the frames belongs to another thread");
        }
    }

    /** Number of frames it can hold. */
    public int capacity() {
        return positions.length;
    }

    /**
     * Position of frame {@code index} in bytes from the start of {@link #memory()}.
     *
     * @param index of the frame, 0 to the capacity - 1.
     */
    public long position(int index) {
        return positions[index];
    }

    /**
     * Length of frame {@code index} in bytes.
     *
     * @param index of the frame, 0 to the capacity - 1.
     */
    public int length(int index) {
        return lengths[index];
    }

    /**
     * Peer index that frame {@code index} came from, or {@link #UNKNOWN_PEER}.
     *
     * @param index of the frame, 0 to the capacity - 1.
     */
    public int peer(int index) {
        return peers[index];
    }

    /**
     * Origin of frame {@code index}, for an answer by {@link Carrier#sendMessage} and for {@link Carrier#bind}: the peer, or
     * a number below {@link #UNKNOWN_PEER} that says more than the peer, as the local address at which the frame arrived.
     *
     * @param index of the frame, 0 to the capacity - 1.
     */
    public int origin(int index) {
        return origins[index];
    }

    /**
     * Offers room for a frame at {@code position}, to be filled by a carrier.
     *
     * @param index of the room, 0 to the capacity - 1.
     * @param position in bytes from the start of {@link #memory()}.
     */
    public void room(int index, long position) {
        positions[index] = position;
    }

    /**
     * Records a frame of {@code length} bytes from {@code peer} in the room at {@code index}.
     *
     * @param index of the room, 0 to the capacity - 1.
     * @param length in bytes, as received.
     * @param peer index, or {@link #UNKNOWN_PEER} or below.
     */
    public void filled(int index, int length, int peer) {
        filled(index, length, peer, peer);
    }

    /**
     * Records a frame whose origin is more than its peer.
     *
     * @param index of the room that it fills.
     * @param length of the frame in bytes.
     * @param peer that it came from, or {@link #UNKNOWN_PEER}, or a number below of a source that may prove to be a peer.
     * @param origin as {@link #origin} says it.
     */
    public void filled(int index, int length, int peer, int origin) {
        lengths[index] = length;
        peers[index] = peer;
        origins[index] = origin;
    }

    /**
     * Exchanges two frames.
     *
     * @param a index of a frame.
     * @param b index of a frame.
     */
    public void swap(int a, int b) {
        final long position = positions[a];
        final int length = lengths[a];
        final int peer = peers[a];
        final int origin = origins[a];
        positions[a] = positions[b];
        lengths[a] = lengths[b];
        peers[a] = peers[b];
        origins[a] = origins[b];
        positions[b] = position;
        lengths[b] = length;
        peers[b] = peer;
        origins[b] = origin;
    }

    /**
     * Sets frame {@code index} for sending.
     *
     * @param index of the frame, 0 to the capacity - 1.
     * @param position in bytes from the start of {@link #memory()}.
     * @param length in bytes, 1 or more.
     */
    public void frame(int index, long position, int length) {
        positions[index] = position;
        lengths[index] = length;
    }
}
