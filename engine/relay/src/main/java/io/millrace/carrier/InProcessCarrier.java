package io.millrace.carrier;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Frames between engines, or between an engine and an application, in one process: a bounded queue per direction and
 * connection, and one copy.
 *
 * <p>A peer that does not receive fills its own queue and no other. Frames to a peer that is not connected, or that has
 * been closed, are lost and counted as errors, as they would be on a network.
 *
 * <p>Threading: all connections are made before the first frame; then one I/O thread per carrier.
 */
public final class InProcessCarrier implements Carrier {
    /** One direction of a connection as its receiving end knows it. */
    private record Source(FrameRing ring, int peer) {}

    private final FrameRing[] targets;
    private final List<Source> connections = new ArrayList<>();
    private final AtomicLong sendErrors = new AtomicLong();
    private Source[] sources = {};
    private int firstSource;
    private boolean closed;

    /**
     * Creates a carrier without connections.
     *
     * @param peerCount peers are numbered 0 to {@code peerCount - 1}.
     */
    public InProcessCarrier(int peerCount) {
        this.targets = new FrameRing[peerCount];
    }

    /**
     * Connects two carriers in both directions.
     *
     * @param a one end.
     * @param peerOfA index under which {@code a} knows {@code b}.
     * @param b the other end.
     * @param peerOfB index under which {@code b} knows {@code a}, or {@link DatagramBatch#UNKNOWN_PEER}: then {@code b}
     *     receives the frames of a stranger and cannot answer.
     * @param capacity of each queue in frames, 1 or more.
     * @param frameLength of the longest frame in bytes, 1 or more; longer ones are lost and counted.
     */
    public static void connect(
            InProcessCarrier a, int peerOfA, InProcessCarrier b, int peerOfB, int capacity, int frameLength) {
        if (capacity < 1 || frameLength < 1) {
            throw new IllegalArgumentException(
                    "capacity and frameLength must be positive: capacity=" + capacity + ", frameLength=" + frameLength);
        }
        a.requireFree(peerOfA);
        if (peerOfB != DatagramBatch.UNKNOWN_PEER) {
            b.requireFree(peerOfB);
            link(b, peerOfB, a, peerOfA, new FrameRing(capacity, frameLength));
        }
        link(a, peerOfA, b, peerOfB, new FrameRing(capacity, frameLength));
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        int count = 0;
        for (int i = 0; i < sources.length && count < limit; i++) {
            final int index = firstSource + i < sources.length ? firstSource + i : firstSource + i - sources.length;
            count = receive(sources[index], frames, count, limit, roomLength);
        }
        firstSource = firstSource + 1 < sources.length ? firstSource + 1 : 0;
        return count;
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        final FrameRing ring = targets[peer];
        if (ring == null || ring.isAbandoned()) {
            sendErrors.addAndGet(count);
            return count;
        }
        for (int i = 0; i < count; i++) {
            final int length = frames.length(from + i);
            if (length > ring.frameLength()) {
                sendErrors.incrementAndGet();
            } else if (!ring.offer(frames.memory(), frames.position(from + i), length)) {
                return i;
            }
        }
        return count;
    }

    /** Always 0: nothing is lost on the way in. */
    @Override
    public long receiveErrors() {
        return 0;
    }

    @Override
    public long sendErrors() {
        return sendErrors.get();
    }

    /** Lets go of all connections; frames that wait for this end are lost. A second call does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Source source : sources) {
            source.ring().letGo();
        }
        for (FrameRing ring : targets) {
            if (ring != null) {
                ring.letGo();
            }
        }
    }

    private static int receive(Source source, DatagramBatch frames, int from, int limit, int roomLength) {
        int count = from;
        while (count < limit) {
            final int length = source.ring().poll(frames.memory(), frames.position(count), roomLength);
            if (length < 0) {
                break;
            }
            frames.filled(count++, length, source.peer());
        }
        return count;
    }

    private static void link(InProcessCarrier from, int peer, InProcessCarrier to, int peerOfTo, FrameRing ring) {
        from.targets[peer] = ring;
        to.connections.add(new Source(ring, peerOfTo));
        to.sources = to.connections.toArray(new Source[0]);
    }

    private void requireFree(int peer) {
        if (closed || targets[peer] != null) {
            throw new IllegalArgumentException("closed, or the peer is connected already: peer=" + peer);
        }
    }
}
