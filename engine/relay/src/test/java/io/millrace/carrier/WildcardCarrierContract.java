package io.millrace.carrier;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Four UDP carriers at the wildcard address, which know each other at the loopback address. */
abstract class WildcardCarrierContract extends CarrierContract {
    abstract UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException;

    @Override
    Carrier[] connect() throws IOException {
        final int[] ports = new int[4];
        final UdpCarrier[] probes = new UdpCarrier[4];
        for (int i = 0; i < 4; i++) {
            probes[i] = open(any(0), List.of());
            ports[i] = probes[i].localAddress().getPort();
        }
        for (UdpCarrier probe : probes) {
            probe.close();
        }
        final List<InetSocketAddress> first = List.of(UdpCarrierContract.loopback(ports[0]));
        return new Carrier[] {
            open(any(ports[0]), List.of(UdpCarrierContract.loopback(ports[1]), UdpCarrierContract.loopback(ports[2]))),
            open(any(ports[1]), first),
            open(any(ports[2]), first),
            open(any(ports[3]), first)
        };
    }

    private static InetSocketAddress any(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), port);
    }
}
