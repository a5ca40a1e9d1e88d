package io.millrace.carrier;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Finds a peer by the address that a datagram came from, without an object: an open hash table over the 16 bytes of an
 * IPv6 address (IPv4 in its mapped form) and the port. IPv6 scopes are not compared.
 *
 * <p>Immutable.
 */
final class PeerTable {
    private final long[] highs;
    private final long[] lows;
    private final int[] ports;
    private final int[] peers;
    private final int mask;

    /**
     * Takes the address of each peer in the order of the peer indexes; null where there is no peer.
     *
     * @param local the socket's own address: if it is IPv4, then all peers must be.
     */
    PeerTable(InetSocketAddress local, List<InetSocketAddress> addresses) {
        if (local.isUnresolved()) {
            throw new IllegalArgumentException("local address is not resolved: local=" + SocketAddresses.text(local));
        }
        // At most half full, so that a search ends soon.
        final int size = Integer.highestOneBit(2 * addresses.size() + 1) << 1;
        this.highs = new long[size];
        this.lows = new long[size];
        this.ports = new int[size];
        this.peers = new int[size];
        this.mask = size - 1;
        Arrays.fill(peers, DatagramBatch.UNKNOWN_PEER);
        for (int peer = 0; peer < addresses.size(); peer++) {
            if (addresses.get(peer) != null) {
                add(peer, addresses.get(peer), local.getAddress() instanceof Inet4Address);
            }
        }
    }

    /** The peer with this address and port, or {@link DatagramBatch#UNKNOWN_PEER}. */
    int find(long high, long low, int port) {
        return peers[place(high, low, port)];
    }

    /** The 16 bytes of an address, IPv4 in its mapped form (RFC 4291 section 2.5.5.2). */
    static byte[] mapped(InetAddress address) {
        final byte[] bytes = address.getAddress();
        if (bytes.length == 16) {
            return bytes;
        }
        return ByteBuffer.allocate(16).putInt(8, 0xffff).put(12, bytes).array();
    }

    private void add(int peer, InetSocketAddress address, boolean ipv4Only) {
        if (address.isUnresolved() || address.getPort() == 0) {
            throw new IllegalArgumentException(
                    "peer needs a resolved address and a port: peer=" + SocketAddresses.text(address));
        }
        if (ipv4Only && !(address.getAddress() instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    "an IPv4 socket does not reach an IPv6 peer: peer=" + SocketAddresses.text(address));
        }
        final ByteBuffer bytes = ByteBuffer.wrap(mapped(address.getAddress()));
        final int place = place(bytes.getLong(0), bytes.getLong(8), address.getPort());
        if (peers[place] != DatagramBatch.UNKNOWN_PEER) {
            throw new IllegalArgumentException("two peers have one address: peer=" + SocketAddresses.text(address));
        }
        highs[place] = bytes.getLong(0);
        lows[place] = bytes.getLong(8);
        ports[place] = address.getPort();
        peers[place] = peer;
    }

    /** Where this key is, or the empty place where it would be. */
    private int place(long high, long low, int port) {
        final long mixed = (high ^ Long.rotateLeft(low, 32) ^ port) * 0x9E3779B97F4A7C15L;
        int place = (int) (mixed >>> 32) & mask;
        while (peers[place] != DatagramBatch.UNKNOWN_PEER
                && !(lows[place] == low && highs[place] == high && ports[place] == port)) {
            place = (place + 1) & mask;
        }
        return place;
    }
}
