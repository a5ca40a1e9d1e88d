package io.millrace.relay;

import java.util.Arrays;
import java.util.List;

/**
 * Finds a peer by its 16-byte relay id, given as two little-endian longs. Immutable, no allocation per look-up.
 *
 * <p>Open addressing over the id's own bits: ids are hashes of configured keys, so nobody outside chooses them.
 */
final class RoutingTable {
    /** What {@link #peer} returns for an id that is no peer's. */
    static final int UNKNOWN = -1;

    private final long[] lows;
    private final long[] highs;
    private final int[] peers;
    private final int mask;

    /** Builds a table in which peer {@code i} has the id {@code ids.get(i)}. */
    RoutingTable(List<PeerId> ids) {
        final int size = Integer.highestOneBit(Math.max(4, ids.size() * 4));
        lows = new long[size];
        highs = new long[size];
        peers = new int[size];
        mask = size - 1;
        Arrays.fill(peers, UNKNOWN);
        for (int peer = 0; peer < ids.size(); peer++) {
            final PeerId id = ids.get(peer);
            if (peer(id.low(), id.high()) != UNKNOWN) {
                throw new IllegalArgumentException("two peers have the same relay id: peer=" + peer);
            }
            int at = (int) id.low() & mask;
            while (peers[at] != UNKNOWN) {
                at = (at + 1) & mask;
            }
            lows[at] = id.low();
            highs[at] = id.high();
            peers[at] = peer;
        }
    }

    /** Index of the peer with this id, or {@link #UNKNOWN}. */
    int peer(long low, long high) {
        int at = (int) low & mask;
        while (peers[at] != UNKNOWN) {
            if (lows[at] == low && highs[at] == high) {
                return peers[at];
            }
            at = (at + 1) & mask;
        }
        return UNKNOWN;
    }

    /** A relay id as two little-endian longs. */
    record PeerId(long low, long high) {}
}
