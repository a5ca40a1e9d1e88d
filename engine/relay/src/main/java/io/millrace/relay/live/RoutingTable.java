package io.millrace.relay.live;

import io.millrace.relay.peer.PeerKey;
import java.util.Arrays;
import java.util.List;

/**
 * Finds a peer, and the peer's key epoch, by the 16-byte id of a Sphinx key, given as two little-endian longs. Immutable,
 * no allocation per look-up.
 *
 * <p>Open addressing over the id's own bits: ids are hashes of keys that the configured peers have announced. A peer that
 * grinds its own keys lengthens look-ups by at most the few keys that it may have.
 */
public final class RoutingTable {
    /** Result of {@link #find} for an id that is no peer's. */
    public static final int UNKNOWN = -1;

    private static final int EPOCH_BITS = 8;
    private static final int EPOCH_MASK = 0xff;

    private final long[] lows;
    private final long[] highs;
    private final int[] routes;
    private final int mask;

    /**
     * Builds a table.
     *
     * @param keys of each peer, in the order of the peers; an empty list where a place is free.
     */
    RoutingTable(List<List<PeerKey>> keys) {
        final int count = keys.stream().mapToInt(List::size).sum();
        final int size = Integer.highestOneBit(Math.max(4, count * 4));
        lows = new long[size];
        highs = new long[size];
        routes = new int[size];
        mask = size - 1;
        Arrays.fill(routes, UNKNOWN);
        for (int peer = 0; peer < keys.size(); peer++) {
            for (PeerKey key : keys.get(peer)) {
                add(key, peer);
            }
        }
    }

    /** Route to the peer that has the key with this id, or {@link #UNKNOWN}. */
    public int find(long low, long high) {
        return routes[place(low, high)];
    }

    /** Index of a route's peer. */
    public static int peer(int route) {
        return route >>> EPOCH_BITS;
    }

    /** Low 8 bits of the peer's key epoch. */
    public static int epoch(int route) {
        return route & EPOCH_MASK;
    }

    private void add(PeerKey key, int peer) {
        final int place = place(key.id().low(), key.id().high());
        if (routes[place] != UNKNOWN) {
            throw new IllegalArgumentException("two keys of peers have the same id: peer=" + peer + ", other peer="
                    + peer(routes[place]) + ", id=" + key.id());
        }
        lows[place] = key.id().low();
        highs[place] = key.id().high();
        routes[place] = peer << EPOCH_BITS | (int) (key.epoch() & EPOCH_MASK);
    }

    /** Where this id is, or the empty place where it would be. */
    private int place(long low, long high) {
        int at = (int) low & mask;
        while (routes[at] != UNKNOWN && (lows[at] != low || highs[at] != high)) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
