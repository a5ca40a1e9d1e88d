package io.millrace.carrier;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Frames as UDP datagrams: one bound socket, peers by their socket addresses.
 *
 * <p>A socket that is bound to the wildcard address sends from the address at which it was asked: a message that answers
 * another leaves from the local address at which that one arrived, and whatever else goes to a peer, from the local address of
 * the origin that was {@linkplain Carrier#bind bound} to the peer last. A datagram that nothing authenticates changes neither.
 *
 * <p>A peer that is down is not noticed: its ICMP errors do not reach a socket that is not connected, and frames sent to
 * it are lost like any other.
 *
 * <p>Threading: one I/O thread, except for the counters and {@link #localAddress()}.
 */
public interface UdpCarrier extends Carrier {
    /** Length in bytes that is asked for each of the two socket buffers; the system may give less. */
    int SOCKET_BUFFER_LENGTH = 4 << 20;

    /**
     * Binds a socket, on Linux one that moves up to 64 datagrams a system call.
     *
     * @param local address to bind; port 0 takes any that is free. On an IPv4 address all peers must be IPv4.
     * @param peers address of each peer in the order of the peer indexes; resolved, each but once; null for
     *     a peer that {@link #movePeer} gives one later.
     * @throws IOException if the address cannot be bound; the message names it.
     */
    static UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        return LinuxUdpCarrier.available() ? new LinuxUdpCarrier(local, peers) : new ChannelUdpCarrier(local, peers);
    }

    /**
     * Binds a socket of the JDK, on any system: one datagram a system call. Otherwise as {@link #open}.
     *
     * @param local address to bind; port 0 lets the system choose.
     * @param peers addresses, by index.
     */
    static UdpCarrier openPortable(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        return new ChannelUdpCarrier(local, peers);
    }

    /**
     * Times that a peer's local address was given up because the system sent no more from it, as when it was taken off an
     * interface; the system then picks an address until the next {@link #bind}.
     */
    long sourcesGivenUp();

    /** The bound address, with the port that was chosen. */
    InetSocketAddress localAddress();
}
