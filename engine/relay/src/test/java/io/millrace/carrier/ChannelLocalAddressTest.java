package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChannelLocalAddressTest extends LocalAddressContract {
    private final List<InetAddress> addresses = new CopyOnWriteArrayList<>(
            IntStream.rangeClosed(1, 6).mapToObj(i -> literal("127.0.0." + i)).toList());

    ChannelLocalAddressTest() {
        addresses.add(literal("::1"));
        addresses.add(literal("127.0.0.2")); // of two interfaces
        addresses.add(literal("192.0.2.1")); // not of this host
    }

    @Override
    UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        return new ChannelUdpCarrier(local, peers, () -> addresses);
    }

    @Test
    void answersFromAnAddressThatIsNew() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final UdpCarrier carrier = carrier(new InetSocketAddress(literal("0.0.0.0"), 0), peer);
        assertThat(ask(peer, carrier, "127.0.0.7")).isZero();
        addresses.add(literal("127.0.0.7"));
        ((ChannelUdpCarrier) carrier).look();
        carrier.bind(ask(peer, carrier, "127.0.0.7"), 0);
        ((ChannelUdpCarrier) carrier).look();
        sendAndExpect(carrier, 0, peer, "127.0.0.7");
    }

    @Test
    void anAddressThatHasGoneIsGivenUpWithoutLosingAFrame() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final UdpCarrier carrier = carrier(new InetSocketAddress(literal("0.0.0.0"), 0), peer);
        final int second = ask(peer, carrier, "127.0.0.2");
        carrier.bind(second, 0);
        addresses.remove(literal("127.0.0.2"));
        addresses.remove(literal("127.0.0.2"));
        ((ChannelUdpCarrier) carrier).look();

        sendAndExpect(carrier, 0, peer, "127.0.0.1");
        assertThat(carrier.sourcesGivenUp()).isOne();
        carrier.bind(second, 0);
        sendAndExpect(carrier, 0, peer, "127.0.0.1");
        assertThat(ask(peer, carrier, "127.0.0.2")).isZero();
        assertThat(carrier.sourcesGivenUp()).isOne();
    }

    @Test
    void hasOneSocketForEachOf64AddressesAtMost() throws IOException {
        IntStream.rangeClosed(10, 200).forEach(i -> addresses.add(literal("127.0.1." + i)));
        try (LocalChannels channels =
                new LocalChannels(new InetSocketAddress(literal("0.0.0.0"), 0), () -> addresses)) {
            assertThat(channels.now()).hasSize(1 + 64);
            channels.look();
            assertThat(channels.now()).hasSize(1 + 64);
        }
    }

    @Test
    void looksAtTheInterfacesOfThisHostAndDoesWithoutThem() throws IOException {
        assertThat(LocalChannels.ofInterfaces()).contains(literal("127.0.0.1"));
        final InetSocketAddress any = new InetSocketAddress(literal("0.0.0.0"), 0);
        final LocalChannels.Addresses none = () -> {
            throw new SocketException("none");
        };
        final DatagramSocket peer = socket("127.0.0.9");
        try (UdpCarrier carrier = new ChannelUdpCarrier(any, new ArrayList<>(List.of(address(peer))), none)) {
            assertThat(ask(peer, carrier, "127.0.0.2")).isZero();
            sendAndExpect(carrier, 0, peer, "127.0.0.1");
        }
    }
}
