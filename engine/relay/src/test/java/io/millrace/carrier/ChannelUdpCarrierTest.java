package io.millrace.carrier;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

class ChannelUdpCarrierTest extends UdpCarrierContract {
    @Override
    UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        return UdpCarrier.openPortable(local, peers);
    }
}
