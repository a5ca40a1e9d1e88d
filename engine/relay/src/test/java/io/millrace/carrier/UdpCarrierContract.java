package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every UDP carrier. */
abstract class UdpCarrierContract extends CarrierContract {
    abstract UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException;

    @Override
    Carrier[] connect() throws IOException {
        final InetSocketAddress[] addresses = new InetSocketAddress[4];
        for (int i = 0; i < 4; i++) {
            addresses[i] = LoopbackPorts.next();
        }
        return new Carrier[] {
            open(addresses[0], List.of(addresses[1], addresses[2])),
            open(addresses[1], List.of(addresses[0])),
            open(addresses[2], List.of(addresses[0])),
            open(addresses[3], List.of(addresses[0]))
        };
    }

    @Test
    void saysWhichAddressIsInUse() throws IOException {
        try (UdpCarrier first = open(loopback(0), List.of())) {
            final int port = first.localAddress().getPort();
            assertThatThrownBy(() -> open(first.localAddress(), List.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot bind UDP 127.0.0.1:" + port + ": Address already in use");
        }
    }

    @Test
    void saysWhichAddressIsNotItsOwn() throws Exception {
        final InetSocketAddress elsewhere =
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 7_000);
        assertThatThrownBy(() -> open(elsewhere, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot bind UDP 192.0.2.1:7000: ");
    }

    @Test
    void sendsToAPeerThatHasItsFirstAddressOrMoves() throws IOException {
        try (Arena arena = Arena.ofConfined();
                UdpCarrier first = open(loopback(0), List.of());
                UdpCarrier second = open(loopback(0), List.of());
                UdpCarrier sender = open(loopback(0), java.util.Collections.singletonList(null))) {
            final DatagramBatch frames = new DatagramBatch(arena.allocate(2_000), 1);
            frames.frame(0, 0, 100);
            assertThat(sender.send(0, frames, 0, 1)).isZero();

            sender.movePeer(0, first.localAddress());
            assertThat(sender.send(0, frames, 0, 1)).isOne();
            awaitFrame(first, frames);

            sender.movePeer(0, second.localAddress());
            frames.frame(0, 0, 100);
            assertThat(sender.send(0, frames, 0, 1)).isOne();
            awaitFrame(second, frames);
        }
    }

    private static void awaitFrame(UdpCarrier receiver, DatagramBatch frames) {
        int count = 0;
        for (long i = 0; i < 50_000_000 && count < 1; i++) {
            count = receiver.receive(frames, 1, 1_000);
        }
        assertThat(count).isOne();
    }

    @Test
    void losesAndCountsWhatTheSystemRefusesToCarry() throws IOException {
        try (Arena arena = Arena.ofConfined();
                UdpCarrier receiver = open(loopback(0), List.of());
                UdpCarrier sender = open(loopback(0), List.of(receiver.localAddress()))) {
            final DatagramBatch frames = new DatagramBatch(arena.allocate(200_000), 3);
            frames.frame(0, 0, 100);
            frames.frame(1, 0, 70_000); // no datagram is as long as that
            frames.frame(2, 0, 100);

            assertThat(sender.send(0, frames, 0, 3)).isEqualTo(3);
            assertThat(sender.sendErrors()).isOne();
            int count = 0;
            for (long i = 0; i < 50_000_000 && count < 2; i++) {
                count += receiver.receive(frames, 3 - count, 1_000);
            }
            assertThat(count).isEqualTo(2);
        }
    }

    @Test
    void refusesPeersThatItCannotReachOrTellApart() throws Exception {
        final InetSocketAddress ipv6 = new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {0x20, 1, 13, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
                7_000);
        final InetSocketAddress peer = loopback(7_000);
        assertRefused(List.of(ipv6), "does not reach an IPv6 peer");
        assertRefused(List.of(peer, loopback(7_001), peer), "two peers have one address");
        assertRefused(List.of(loopback(0)), "peer needs a resolved address and a port");
        assertRefused(List.of(InetSocketAddress.createUnresolved("relay.example", 7_000)), "relay.example");
        assertThatThrownBy(() -> open(InetSocketAddress.createUnresolved("relay.example", 7_000), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void assertRefused(List<InetSocketAddress> peers, String why) {
        assertThatThrownBy(() -> open(loopback(0), peers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    static InetSocketAddress loopback(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
