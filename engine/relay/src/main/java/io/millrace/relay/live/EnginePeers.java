package io.millrace.relay.live;

import io.millrace.link.Link;
import io.millrace.receipt.ReceiptId;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.peer.PeerKey;
import io.millrace.relay.queue.EgressMark;
import io.millrace.relay.queue.EgressQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The peers at work, by index, and the routes to them. An index is a place that a peer keeps until it is removed and no
 * packet and no thread refers to it any more.
 *
 * <p>Threading: read by any thread; both tables are replaced as a whole.
 */
public final class EnginePeers implements AutoCloseable {
    /** In place of a peer: this relay's own application. */
    public static final int LOCAL = -2;

    private final int egressLimit;
    private volatile Neighbour[] table; // null where a place is free
    private volatile boolean[] leaving;
    private volatile RoutingTable routes;

    /**
     * Takes the links' keys over.
     *
     * @param peers at the first places.
     * @param limit number of places.
     */
    public EnginePeers(List<Peer> peers, int limit, int egressLimit) {
        this.egressLimit = egressLimit;
        this.leaving = new boolean[limit];
        // Before any link is made: keys may be refused.
        this.routes = new RoutingTable(peers.stream().map(Peer::sphinxKeys).toList());
        final Neighbour[] first = new Neighbour[limit];
        for (int peer = 0; peer < peers.size(); peer++) {
            first[peer] = new Neighbour(peers.get(peer), egressLimit);
        }
        this.table = first;
    }

    /** Number of places. */
    public int limit() {
        return table.length;
    }

    /** The neighbour at a place; null if it is free. */
    public Neighbour at(int peer) {
        return table[peer];
    }

    /** Whether there is a peer of that index and it is not being removed. */
    public boolean isPresent(int peer) {
        return peer >= 0 && peer < table.length && table[peer] != null && !leaving[peer];
    }

    /** The link of a peer; null for a direct peer and for a number that is no peer's. */
    public Link link(int peer) {
        final Neighbour[] now = table;
        return peer >= 0 && peer < now.length && now[peer] != null ? now[peer].link() : null;
    }

    /** Id of a peer in receipts; the same object as long as the peer is there. */
    public ReceiptId receiptId(int peer) {
        return table[peer].receiptId();
    }

    /** Whether a number is of a peer whose link is handshaked. */
    boolean isHandshaked(int peer) {
        final Link link = link(peer);
        return link != null && link.isHandshaked();
    }

    /** The queue of a peer. */
    public EgressQueue queue(int peer) {
        return table[peer].queue();
    }

    /** The routes now. */
    public RoutingTable routes() {
        return routes;
    }

    /** Places up to the last one that is not free. */
    public int count() {
        final Neighbour[] now = table;
        int count = now.length;
        while (count > 0 && now[count - 1] == null) {
            count--;
        }
        return count;
    }

    /** Replaces the Sphinx keys of a peer. */
    public synchronized void updateKeys(int peer, List<PeerKey> keys) {
        requirePresent(peer);
        put(peer, table[peer].withPeer(table[peer].peer().withKeys(keys)));
    }

    /** Replaces the knowledge about a peer, which keeps its link and its Sphinx keys. */
    synchronized void update(int peer, Peer known) {
        requirePresent(peer);
        put(peer, table[peer].withPeer(known.withKeys(table[peer].peer().sphinxKeys())));
    }

    /** Puts a peer at the first free place, with its link and queue; returns the place. Takes the peer's keys over. */
    synchronized int add(Peer peer) {
        final int place = Arrays.asList(table).indexOf(null);
        if (place < 0) {
            throw new IllegalStateException("the engine has no place for a further peer: peers=" + table.length);
        }
        final Neighbour[] next = table.clone();
        // Refused before its link is made.
        final RoutingTable nextRoutes = newRoutes(next, leaving, place, peer);
        next[place] = new Neighbour(peer, egressLimit);
        table = next;
        routes = nextRoutes;
        return place;
    }

    /** Takes the routes to a peer away; its place is not free yet. */
    synchronized void withdraw(int peer) {
        requirePresent(peer);
        final boolean[] next = leaving.clone();
        next[peer] = true;
        routes = newRoutes(table, next, -1, null);
        leaving = next;
    }

    /** Frees the place of a withdrawn peer, to which nothing refers any more, and wipes its link's keys. */
    synchronized void free(int peer) {
        if (table[peer] == null) {
            return;
        }
        final Neighbour[] next = table.clone();
        final boolean[] nextLeaving = leaving.clone();
        next[peer] = null;
        nextLeaving[peer] = false;
        final Neighbour left = table[peer];
        table = next;
        leaving = nextLeaving;
        left.close();
    }

    /** Marks how far all queues are filled; by the thread that fills them. */
    EgressMark egressMark() {
        final Neighbour[] now = table;
        return new EgressMark(Arrays.stream(now)
                .map(each -> each == null ? null : each.queue())
                .toArray(EgressQueue[]::new));
    }

    /** Wipes all link keys; after the engine's threads have ended. */
    @Override
    public synchronized void close() {
        for (Neighbour each : table) {
            if (each != null) {
                each.close();
            }
        }
        table = new Neighbour[table.length];
    }

    /** Throws unless there is a peer of that index that is not being removed. */
    public void requirePresent(int peer) {
        if (!isPresent(peer)) {
            throw new IllegalArgumentException("no such peer: peer=" + peer);
        }
    }

    private void put(int peer, Neighbour neighbour) {
        final Neighbour[] next = table.clone();
        next[peer] = neighbour;
        routes = newRoutes(next, leaving, -1, null);
        table = next;
    }

    /** Routes to all peers that are not leaving, and to one more at {@code place} if there is one. */
    private static RoutingTable newRoutes(Neighbour[] table, boolean[] leaving, int place, Peer added) {
        final List<List<PeerKey>> keys = new ArrayList<>();
        for (int peer = 0; peer < table.length; peer++) {
            if (peer == place) {
                keys.add(added.sphinxKeys());
            } else {
                keys.add(
                        table[peer] == null || leaving[peer]
                                ? List.of()
                                : table[peer].peer().sphinxKeys());
            }
        }
        return new RoutingTable(keys);
    }
}
