package io.millrace.relay.live;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Packets on the wheel by the place of their key epoch, and by the peer that they are for.
 *
 * <p>Threading: changed by the thread that owns the wheel, for which it is exact; read by any.
 */
public final class WaitingCounts {
    private final AtomicIntegerArray counts = new AtomicIntegerArray(LiveEpochs.LIMIT);
    private final int[] byPeer; // the last one for packets that end here

    /** Counts nothing yet, for peers 0 to {@code peerLimit - 1}. */
    WaitingCounts(int peerLimit) {
        byPeer = new int[peerLimit + 1];
    }

    /** A packet of that epoch for that peer, or {@link EnginePeers#LOCAL}, went onto the wheel. */
    public void entered(int place, int peer) {
        counts.setOpaque(place, counts.getPlain(place) + 1);
        byPeer[index(peer)]++;
    }

    /** A packet of that epoch for that peer, or {@link EnginePeers#LOCAL}, left the wheel. */
    public void left(int place, int peer) {
        counts.setOpaque(place, counts.getPlain(place) - 1);
        byPeer[index(peer)]--;
    }

    /** Packets for that peer on the wheel; by the thread that owns it. */
    int countFor(int peer) {
        return byPeer[index(peer)];
    }

    private int index(int peer) {
        return peer == EnginePeers.LOCAL ? byPeer.length - 1 : peer;
    }

    /** Packets of that epoch on the wheel. */
    int count(int place) {
        return counts.getOpaque(place);
    }
}
