package io.millrace.carrier;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses of the peers by index, null where there is none, and the table to find a peer by its address. Immutable: a
 * change makes a new one.
 */
final class PeerAddresses {
    private final InetSocketAddress local;
    private final InetSocketAddress[] addresses;
    private final PeerTable table;

    /**
     * Takes addresses that are those of peers, each but once.
     *
     * @param local the socket's own address: if it is IPv4, then all peers must be.
     */
    PeerAddresses(InetSocketAddress local, List<InetSocketAddress> addresses) {
        this.local = local;
        this.addresses = addresses.toArray(new InetSocketAddress[0]);
        this.table = new PeerTable(local, addresses);
    }

    /** Peers are numbered below this. */
    int count() {
        return addresses.length;
    }

    /** Address of a peer; null if there is none. */
    InetSocketAddress of(int peer) {
        return peer < addresses.length ? addresses[peer] : null;
    }

    /** Finds peers by their addresses. */
    PeerTable table() {
        return table;
    }

    /** With one more peer. */
    PeerAddresses with(int peer, InetSocketAddress address) {
        if (of(peer) != null) {
            throw new IllegalArgumentException("the index has a peer: peer=" + peer + ", address=" + of(peer));
        }
        final InetSocketAddress[] next = Arrays.copyOf(addresses, Math.max(addresses.length, peer + 1));
        next[peer] = address;
        return new PeerAddresses(local, Arrays.asList(next));
    }

    /** With that peer at another address. */
    PeerAddresses moved(int peer, InetSocketAddress address) {
        final InetSocketAddress[] next = addresses.clone();
        next[peer] = address;
        return new PeerAddresses(local, Arrays.asList(next));
    }

    /** Without that peer. */
    PeerAddresses without(int peer) {
        final InetSocketAddress[] next = addresses.clone();
        if (peer < next.length) {
            next[peer] = null;
        }
        return new PeerAddresses(local, Arrays.asList(next));
    }
}
