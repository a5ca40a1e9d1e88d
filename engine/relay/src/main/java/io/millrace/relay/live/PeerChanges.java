package io.millrace.relay.live;

import io.millrace.carrier.Carrier;
import io.millrace.link.Link;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.queue.Ring;
import io.millrace.relay.thread.QuiescentStateTracker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Peers that come and go while the engine runs.
 *
 * <p>Threading: {@link #poll()} belongs to the thread that owns the wheel, everything else is for any thread.
 */
public final class PeerChanges implements AutoCloseable {
    private static final int LINK_KEY_LENGTH = 32;

    private final Carrier carrier; // null: none
    private final LinkAssembly links; // null: none is handshaked
    private final EnginePeers neighbours;
    private final QuiescentStateTracker rounds;
    private final Ring ring;
    private final WaitingCounts waiting;
    private final Queue<PeerRemoval> begun = new ConcurrentLinkedQueue<>();
    private final List<PeerRemoval> removing = new ArrayList<>(); // the wheel's thread
    private volatile boolean isRemoving;

    public PeerChanges(
            Carrier carrier,
            LinkAssembly links,
            EnginePeers neighbours,
            QuiescentStateTracker rounds,
            Ring ring,
            WaitingCounts waiting) {
        this.carrier = carrier;
        this.links = links;
        this.neighbours = neighbours;
        this.rounds = rounds;
        this.ring = ring;
        this.waiting = waiting;
    }

    /** Adds a peer at the first free place, and takes its link keys over even if it is refused; returns the place. */
    public synchronized int add(Peer peer, InetSocketAddress address) {
        final int place = place(peer, address);
        boolean added = false;
        try {
            if (!peer.isDirect()) {
                carrier.addPeer(place, address);
            }
            if (peer instanceof Peer.Handshaked linked) {
                links.add(place, linked);
            }
            added = true;
        } finally {
            if (!added) {
                final CompletableFuture<Void> undone = remove(place); // wipes the keys once no thread uses them
                assert undone != null;
            }
        }
        return place;
    }

    private int place(Peer peer, InetSocketAddress address) {
        boolean placed = false;
        try {
            requireReachable(peer, address);
            final int place = neighbours.add(peer);
            placed = true;
            return place;
        } finally {
            if (!placed && peer instanceof Peer.PreShared linked) {
                linked.keys().close();
            }
        }
    }

    private void requireReachable(Peer peer, InetSocketAddress address) {
        if (peer.isDirect() != (address == null)) {
            throw new IllegalArgumentException(
                    "a linked peer has an address and a direct one has none: name=" + peer.name());
        }
        if (!peer.isDirect()) {
            Objects.requireNonNull(carrier, "a linked peer needs a carrier");
        }
        if (peer.isHandshaked() && links == null) {
            throw new IllegalArgumentException(
                    "peers of handshaked links need an identity of this end: name=" + peer.name());
        }
    }

    /** Begins the link of a peer whose link key was not known; true unless its key was known and is another one. */
    public synchronized boolean know(int peer, byte[] linkKey) {
        if (linkKey.length != LINK_KEY_LENGTH) {
            throw new IllegalArgumentException("a link key has 32 bytes: length=" + linkKey.length);
        }
        neighbours.requirePresent(peer);
        if (!(neighbours.at(peer).peer() instanceof Peer.Handshaked before)) {
            throw new IllegalArgumentException("the peer's link is not handshaked: peer=" + peer);
        }
        if (before.remote().isKnown()) {
            return Arrays.equals(before.remote().publicKey(), linkKey);
        }
        final Peer.Handshaked known = before.withLinkKey(linkKey);
        links.add(peer, known);
        neighbours.update(peer, known);
        return true;
    }

    /** Moves a peer to another address; a handshake tells it from which of the relay's addresses to send. */
    public synchronized void move(int peer, InetSocketAddress address) {
        neighbours.requirePresent(peer);
        final Link link = neighbours.link(peer);
        if (link == null) {
            throw new IllegalArgumentException("a direct peer has no address: peer=" + peer);
        }
        carrier.movePeer(peer, Objects.requireNonNull(address, "address"));
        if (link.isHandshaked()) {
            links.renew(peer);
        }
    }

    /** Removes a peer; completes when its place is free. */
    public synchronized CompletableFuture<Void> remove(int peer) {
        neighbours.withdraw(peer);
        final Neighbour leaving = neighbours.at(peer);
        if (leaving.link() != null) {
            carrier.removePeer(peer);
            if (leaving.link().isHandshaked()) {
                links.remove(peer);
            } else {
                leaving.link().shut();
            }
        }
        final PeerRemoval removal = new PeerRemoval(peer, rounds.mark());
        begun.add(removal);
        isRemoving = true;
        rounds.ring();
        return removal.future();
    }

    /** Goes on with removals; once per round of the thread that owns the wheel. */
    void poll() {
        if (!isRemoving) {
            return;
        }
        isRemoving = false;
        for (PeerRemoval each = begun.poll(); each != null; each = begun.poll()) {
            removing.add(each);
        }
        for (int i = removing.size() - 1; i >= 0; i--) {
            if (removing.get(i).isOver(rounds, ring, waiting, neighbours)) {
                end(removing.remove(i));
            }
        }
        if (!removing.isEmpty()) {
            isRemoving = true;
        }
    }

    /** Whether {@link #poll} has something to go on with. */
    boolean isRemoving() {
        return isRemoving;
    }

    /** Ends all removals; after the engine's threads have ended. */
    @Override
    public void close() {
        removing.addAll(begun);
        begun.clear();
        removing.forEach(this::end);
        removing.clear();
    }

    private void end(PeerRemoval removal) {
        // Elsewhere: wiping makes every thread pass a handshake, and the caller's continuation may take its time.
        removal.future().completeAsync(() -> {
            neighbours.free(removal.peer());
            return null;
        });
    }
}
