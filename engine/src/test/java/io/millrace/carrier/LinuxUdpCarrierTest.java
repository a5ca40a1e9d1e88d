package io.millrace.carrier;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class LinuxUdpCarrierTest extends UdpCarrierContract {
    @Override
    UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        return new LinuxUdpCarrier(local, peers);
    }
}
