package io.millrace.node;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.MixedCarrier;
import io.millrace.carrier.TcpCarrier;
import io.millrace.carrier.UdpCarrier;
import io.millrace.link.LinkFrame;
import io.millrace.metrics.NanoClock;
import io.millrace.names.HostAddresses;
import io.millrace.node.config.PeerEntry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The carrier that a node's links need: UDP, TCP, or both at one address and port.
 *
 * @param address where it receives, with the port that was chosen.
 */
record NodeCarrier(Carrier carrier, InetSocketAddress address) {
    /**
     * Opens the sockets. A peer whose address is a name has none until the carrier is told.
     *
     * @throws IOException if the address cannot be had.
     */
    static NodeCarrier open(InetSocketAddress listen, List<PeerEntry> peers) throws IOException {
        // Names have no address yet: looking them up takes time, which the start does not wait for.
        final List<InetSocketAddress> addresses = peers.stream()
                .map(peer -> HostAddresses.literal(peer.address()).orElse(null))
                .toList();
        final List<Boolean> overTcp = peers.stream().map(PeerEntry::overTcp).toList();
        if (!overTcp.contains(true)) {
            final UdpCarrier udp = UdpCarrier.open(listen, addresses);
            return new NodeCarrier(udp, udp.localAddress());
        }
        final TcpCarrier tcp =
                TcpCarrier.open(listen, only(true, peers, addresses), LinkFrame.FRAME_LENGTH, NanoClock.SYSTEM);
        if (!overTcp.contains(false)) {
            return new NodeCarrier(tcp, tcp.localAddress());
        }
        try {
            final UdpCarrier udp = UdpCarrier.open(tcp.localAddress(), only(false, peers, addresses));
            return new NodeCarrier(new MixedCarrier(udp, tcp, overTcp), tcp.localAddress());
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    /** The addresses of the peers over one of the carriers; null for the others. */
    private static List<InetSocketAddress> only(
            boolean overTcp, List<PeerEntry> peers, List<InetSocketAddress> addresses) {
        final List<InetSocketAddress> own = new ArrayList<>(addresses);
        for (int peer = 0; peer < own.size(); peer++) {
            if (peers.get(peer).overTcp() != overTcp) {
                own.set(peer, null);
            }
        }
        return own;
    }
}
