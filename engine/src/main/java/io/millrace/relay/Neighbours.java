package io.millrace.relay;

import io.millrace.htx.Link;
import java.util.List;

/** The peers at work, by index: each one's link and the queue of sealed packets that wait for it. */
final class Neighbours implements AutoCloseable {
    private final Link[] links;
    private final EgressQueue[] queues;

    Neighbours(List<Peer> peers, int egressLimit) {
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

    private static Link newLink(Peer peer) {
        if (peer.isDirect()) {
            return null;
        }
        return peer.isHandshaked() ? new Link() : new Link(peer.keys());
    }
}
