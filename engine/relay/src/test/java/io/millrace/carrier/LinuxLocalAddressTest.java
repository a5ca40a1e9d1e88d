package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.natives.LinuxSocket;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class LinuxLocalAddressTest extends LocalAddressContract {
    private static final long MAPPED_PREFIX = 0xffffL << 32;

    @Override
    UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        return new LinuxUdpCarrier(local, peers);
    }

    @Test
    void anAddressThatHasGoneIsGivenUpWithoutLosingAFrame() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final UdpCarrier carrier = carrier(new InetSocketAddress(literal("0.0.0.0"), 0), peer);
        final int gone = ((LinuxUdpCarrier) carrier).localAddresses.origin(0, 0, MAPPED_PREFIX | 0xc0000201L, 0);
        carrier.bind(gone, 0);
        sendAndExpect(carrier, 0, peer, "127.0.0.1");
        assertThat(carrier.sourcesGivenUp()).isOne();
        sendAndExpect(carrier, 0, peer, "127.0.0.1");
        assertThat(carrier.sourcesGivenUp()).isOne();

        // An answer from there is no reason to give up the peer's own.
        carrier.bind(ask(peer, carrier, "127.0.0.2"), 0);
        answer(carrier, gone);
        expectFrom(peer, "127.0.0.1");
        assertThat(carrier.sourcesGivenUp()).isEqualTo(2);
        sendAndExpect(carrier, 0, peer, "127.0.0.2");
    }

    @Test
    void aFrameThatIsRefusedForItselfCostsNoAddress() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final UdpCarrier carrier = carrier(new InetSocketAddress(literal("0.0.0.0"), 0), peer);
        carrier.bind(ask(peer, carrier, "127.0.0.2"), 0);
        final DatagramBatch long70k = new DatagramBatch(arena.allocate(70_000), 1);
        long70k.frame(0, 0, 70_000);
        assertThat(carrier.send(0, long70k, 0, 1)).isOne();
        assertThat(carrier.sendErrors()).isOne();
        assertThat(carrier.sourcesGivenUp()).isZero();

        answer(carrier, 0);
        expectFrom(peer, "127.0.0.2");
    }

    @Test
    void withoutAnyWayToThePeerItsAddressStays() throws IOException {
        final UdpCarrier carrier;
        try {
            carrier = carrier(new InetSocketAddress(literal("::"), 0));
        } catch (IOException e) {
            return; // no IPv6 here
        }
        final byte[] linkLocal = literal("fe80::1").getAddress();
        final InetAddress ofNoInterface = Inet6Address.getByAddress(null, linkLocal, 2_000_000_000);
        carrier.addPeer(0, new InetSocketAddress(ofNoInterface, 7_000));
        final LocalAddresses addresses = ((LinuxUdpCarrier) carrier).localAddresses;
        carrier.bind(addresses.origin(0, 0, 1, 0), 0);
        frames.frame(0, 0, LENGTH);
        for (int i = 1; i <= 3; i++) {
            assertThat(carrier.send(0, frames, 0, 1)).isOne();
            assertThat(carrier.sendErrors()).isEqualTo(i);
            final MessageVector messages = new MessageVector(arena, 1, 1, LinuxSocket.AF_INET6);
            addresses.pointAtPeer(0, messages);
            assertThat(messages.hasSource()).isTrue();
        }
        assertThat(carrier.sourcesGivenUp()).isZero();
    }
}
