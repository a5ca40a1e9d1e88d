package io.millrace.carrier;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** At the wildcard address, with a local address bound to every peer. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class LinuxWildcardCarrierTest extends WildcardCarrierContract {
    @Override
    UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        final LinuxUdpCarrier carrier = new LinuxUdpCarrier(local, peers);
        for (int peer = 0; peer < peers.size(); peer++) {
            carrier.bind(carrier.localAddresses.origin(peer, 0, 0xffff7f000001L, 0), peer);
        }
        return carrier;
    }
}
