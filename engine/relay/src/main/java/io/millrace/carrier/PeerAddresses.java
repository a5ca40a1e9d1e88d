package io.millrace.carrier;

import java.net.Inet4Address;
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
    private final int[] additions; // how many peers have had the index before
    private final boolean[] removed; // and no other has the index yet
    private final PeerTable table;

    /**
     * Takes addresses that are those of peers, each but once.
     *
     * @param local the socket's own address: if it is IPv4, then all peers must be.
     */
    PeerAddresses(InetSocketAddress local, List<InetSocketAddress> addresses) {
        this(
                local,
                addresses.toArray(new InetSocketAddress[0]),
                new int[addresses.size()],
                new boolean[addresses.size()]);
    }

    private PeerAddresses(InetSocketAddress local, InetSocketAddress[] addresses, int[] additions, boolean[] removed) {
        this.local = local;
        this.addresses = addresses;
        this.additions = additions;
        this.removed = removed;
        this.table = new PeerTable(local, Arrays.asList(addresses));
    }

    /** Peers are numbered below this. */
    int count() {
        return addresses.length;
    }

    /** Address of a peer; null if there is none. */
    InetSocketAddress of(int peer) {
        return peer < addresses.length ? addresses[peer] : null;
    }

    /**
     * Whether the index has the peer that it had in {@code before}, at an address that the same local address may reach: both
     * IPv4 or both IPv6.
     */
    boolean isSamePeer(PeerAddresses before, int peer) {
        final InetSocketAddress address = of(peer);
        final InetSocketAddress addressBefore = before.of(peer);
        return address != null
                && addressBefore != null
                && additions[peer] == before.additions[peer]
                && isIpv4(address) == isIpv4(addressBefore);
    }

    /** Finds peers by their addresses. */
    PeerTable table() {
        return table;
    }

    /** With one more peer. */
    PeerAddresses with(int peer, InetSocketAddress address) {
        if (of(peer) != null) {
            throw new IllegalArgumentException(
                    "the index has a peer: peer=" + peer + ", address=" + SocketAddresses.text(of(peer)));
        }
        final InetSocketAddress[] next = Arrays.copyOf(addresses, Math.max(addresses.length, peer + 1));
        next[peer] = address;
        final int[] nextAdditions = Arrays.copyOf(additions, next.length);
        nextAdditions[peer]++;
        final boolean[] nextRemoved = Arrays.copyOf(removed, next.length);
        Arrays.fill(nextRemoved, removed.length, next.length, true); // indexes in between have no peer
        nextRemoved[peer] = false;
        return new PeerAddresses(local, next, nextAdditions, nextRemoved);
    }

    /** With that peer at another address, or at its first. */
    PeerAddresses moved(int peer, InetSocketAddress address) {
        if (peer < 0 || peer >= addresses.length || removed[peer]) {
            throw new IllegalArgumentException("no such peer: peer=" + peer);
        }
        final InetSocketAddress[] next = addresses.clone();
        next[peer] = address;
        return new PeerAddresses(local, next, additions, removed);
    }

    /** Without that peer. */
    PeerAddresses without(int peer) {
        if (peer < 0 || peer >= addresses.length) {
            return this;
        }
        final InetSocketAddress[] next = addresses.clone();
        next[peer] = null;
        final boolean[] nextRemoved = removed.clone();
        nextRemoved[peer] = true;
        return new PeerAddresses(local, next, additions, nextRemoved);
    }

    private static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }
}
