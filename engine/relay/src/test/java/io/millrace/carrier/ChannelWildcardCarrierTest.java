package io.millrace.carrier;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** At the wildcard address, with a channel for the loopback address. */
class ChannelWildcardCarrierTest extends WildcardCarrierContract {
    @Override
    UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        final UdpCarrier carrier = new ChannelUdpCarrier(
                local, peers, () -> List.of(UdpCarrierContract.loopback(0).getAddress()));
        for (int peer = 0; peer < peers.size(); peer++) {
            carrier.bind(LocalOrigins.of(peer, 1), peer);
        }
        return carrier;
    }
}
