package io.millrace.relay.live;

import io.millrace.link.Link;
import io.millrace.receipt.ReceiptId;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.queue.EgressQueue;
import io.millrace.relay.receipts.ReceiptPolicy;

/** A peer at its place in an engine: its link and the queue of sealed packets that wait for it. */
public final class Neighbour implements AutoCloseable {
    private final Peer peer;
    private final Link link; // null: direct
    private final EgressQueue queue;
    private final ReceiptId receiptId;

    /** Makes the link of {@code peer}, whose keys it takes over, and an empty queue. */
    Neighbour(Peer peer, int egressLimit) {
        this(peer, newLink(peer), new EgressQueue(egressLimit), ReceiptPolicy.receiptId(peer.id()));
    }

    private Neighbour(Peer peer, Link link, EgressQueue queue, ReceiptId receiptId) {
        this.receiptId = receiptId;
        this.peer = peer;
        this.link = link;
        this.queue = queue;
    }

    /** The peer. */
    Peer peer() {
        return peer;
    }

    /** Its link; null for a direct peer. */
    Link link() {
        return link;
    }

    /** Its id in receipts. */
    ReceiptId receiptId() {
        return receiptId;
    }

    /** Sealed packets that wait for it. */
    public EgressQueue queue() {
        return queue;
    }

    /** The same neighbour as a peer with other Sphinx keys. */
    Neighbour withPeer(Peer next) {
        return new Neighbour(next, link, queue, receiptId);
    }

    /** Wipes the link's keys. */
    @Override
    public void close() {
        if (link != null) {
            link.close();
        }
    }

    private static Link newLink(Peer peer) {
        return switch (peer) {
            case Peer.Direct ignored -> null;
            case Peer.PreShared linked -> new Link(linked.keys());
            case Peer.Handshaked ignored -> new Link();
        };
    }
}
