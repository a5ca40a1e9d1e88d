package io.millrace.relay;

import io.millrace.htx.Link;
import java.util.Arrays;
import java.util.List;

/**
 * The peers at work, by index: each one's link, the queue of sealed packets that wait for it, and the routes to it.
 *
 * <p>Threading: read by any thread; a routing table is replaced as a whole.
 */
final class Neighbours implements AutoCloseable {
    private final Link[] links;
    private final EgressQueue[] queues;
    private final Peer[] peers; // guarded by this
    private volatile RoutingTable routes;

    Neighbours(List<Peer> peers, int egressLimit) {
        this.peers = peers.toArray(new Peer[0]);
        // First what may be refused: no link has been made yet.
        routes = newRoutes(this.peers);
        links = new Link[peers.size()];
        queues = new EgressQueue[peers.size()];
        for (int peer = 0; peer < links.length; peer++) {
            links[peer] = newLink(peers.get(peer));
            queues[peer] = new EgressQueue(egressLimit);
        }
    }

    /** Number of peers. */
    int count() {
        return links.length;
    }

    /** The link of a peer; null for a direct peer and for a number that is no peer's. */
    Link link(int peer) {
        return peer >= 0 && peer < links.length ? links[peer] : null;
    }

    /** Whether a number is of a peer whose link is handshaked. */
    boolean isHandshaked(int peer) {
        final Link link = link(peer);
        return link != null && link.isHandshaked();
    }

    /** The routes now. */
    RoutingTable routes() {
        return routes;
    }

    /** Replaces the Sphinx keys of a peer. */
    synchronized void updateKeys(int peer, List<PeerKey> keys) {
        final Peer[] next = peers.clone();
        next[peer] = peers[peer].withKeys(keys);
        routes = newRoutes(next);
        peers[peer] = next[peer];
    }

    /** Marks how far all queues are filled; by the thread that fills them. */
    EgressMark egressMark() {
        return new EgressMark(queues);
    }

    /** The queue of a peer. */
    EgressQueue queue(int peer) {
        return queues[peer];
    }

    /** Wipes all link keys. */
    @Override
    public void close() {
        for (Link link : links) {
            if (link != null) {
                link.close();
            }
        }
    }

    private static RoutingTable newRoutes(Peer[] peers) {
        return new RoutingTable(Arrays.stream(peers).map(Peer::sphinxKeys).toList());
    }

    private static Link newLink(Peer peer) {
        if (peer.isDirect()) {
            return null;
        }
        return peer.isHandshaked() ? new Link() : new Link(peer.keys());
    }
}
