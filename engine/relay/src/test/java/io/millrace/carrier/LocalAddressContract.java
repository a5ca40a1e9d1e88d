package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Holds for every UDP carrier at the wildcard address: it answers from the local address at which it was asked. The host has
 * 127.0.0.1 to 127.0.0.6; the system itself picks the first of them.
 */
abstract class LocalAddressContract {
    static final int LENGTH = 1_000;
    private static final int CAPACITY = 20; // fits the smallest receive buffer
    private static final long PATIENCE = 50_000_000;
    private static final int PATIENCE_MS = 30_000;
    private static final InetSocketAddress ANY = new InetSocketAddress(literal("0.0.0.0"), 0);

    final Arena arena = Arena.ofConfined();
    final DatagramBatch frames = new DatagramBatch(arena.allocate((long) CAPACITY * LENGTH, 64), CAPACITY);
    private final List<AutoCloseable> open = new ArrayList<>();

    abstract UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        arena.close();
    }

    @Test
    void anAnswerLeavesFromTheAddressAtWhichItsMessageArrived() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final UdpCarrier carrier = carrier(ANY, peer);
        final int second = ask(peer, carrier, "127.0.0.2");
        final int third = ask(peer, carrier, "127.0.0.3");

        answer(carrier, third);
        expectFrom(peer, "127.0.0.3");
        answer(carrier, second);
        expectFrom(peer, "127.0.0.2");
        assertThat(carrier.sourcesGivenUp()).isZero();
    }

    @Test
    void framesLeaveFromTheAddressThatWasBoundLast() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final DatagramSocket other = socket("127.0.0.8");
        final UdpCarrier carrier = carrier(ANY, peer, other);
        final int second = ask(peer, carrier, "127.0.0.2");
        sendAndExpect(carrier, 0, peer, "127.0.0.1");

        carrier.bind(second, 0);
        sendAndExpect(carrier, 0, peer, "127.0.0.2");
        sendAndExpect(carrier, 1, other, "127.0.0.1");
        answer(carrier, 0);
        expectFrom(peer, "127.0.0.2");

        carrier.bind(ask(other, carrier, "127.0.0.4"), 1);
        carrier.bind(ask(peer, carrier, "127.0.0.3"), 0);
        sendAndExpect(carrier, 0, peer, "127.0.0.3");
        sendAndExpect(carrier, 1, other, "127.0.0.4");
    }

    @Test
    void aDatagramThatNothingAuthenticatesMovesNothing() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final DatagramSocket stranger = socket("127.0.0.8");
        final UdpCarrier carrier = carrier(ANY, peer);
        carrier.bind(ask(peer, carrier, "127.0.0.2"), 0);

        for (int i = 0; i < 3; i++) {
            final int forged = ask(peer, carrier, "127.0.0.5");
            assertThat(ask(stranger, carrier, "127.0.0.6")).isEqualTo(DatagramBatch.UNKNOWN_PEER);
            sendAndExpect(carrier, 0, peer, "127.0.0.2");
            answer(carrier, forged);
            expectFrom(peer, "127.0.0.5");
            sendAndExpect(carrier, 0, peer, "127.0.0.2");
        }
    }

    @Test
    void anOriginOfAnotherPeerOrOfNoneBindsNothing() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final DatagramSocket other = socket("127.0.0.8");
        final UdpCarrier carrier = carrier(ANY, peer, other);
        final int second = ask(peer, carrier, "127.0.0.2");

        for (int origin :
                new int[] {second, 0, DatagramBatch.UNKNOWN_PEER, DatagramBatch.UNKNOWN_PEER - 1, Integer.MIN_VALUE}) {
            carrier.bind(origin, 1);
            if (origin != second) {
                carrier.bind(origin, 0);
            }
        }
        sendAndExpect(carrier, 0, peer, "127.0.0.1");
        sendAndExpect(carrier, 1, other, "127.0.0.1");
        answer(carrier, DatagramBatch.UNKNOWN_PEER);
        answer(carrier, DatagramBatch.UNKNOWN_PEER - 1 - (1 << 30));
        answer(carrier, Integer.MIN_VALUE);
        answer(carrier, second);
        expectFrom(peer, "127.0.0.2");
    }

    @Test
    void theAddressStaysWhenThePeerMovesAndNotWhenAnotherTakesItsPlace() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final DatagramSocket moved = socket("127.0.0.8");
        final UdpCarrier carrier = carrier(ANY, peer);
        final int second = ask(peer, carrier, "127.0.0.2");
        carrier.bind(second, 0);

        carrier.movePeer(0, address(moved));
        sendAndExpect(carrier, 0, moved, "127.0.0.2");

        carrier.removePeer(0);
        carrier.addPeer(0, address(moved));
        sendAndExpect(carrier, 0, moved, "127.0.0.1");

        carrier.removePeer(0);
        answer(carrier, second);
        frames.frame(0, 0, LENGTH);
        assertThat(carrier.send(0, frames, 0, 1)).isZero();
    }

    @Test
    void anIpv6SocketAnswersBothKindsFromWhereItWasAsked() throws IOException {
        final DatagramSocket ipv6 = ipv6Socket();
        final DatagramSocket ipv4 = socket("127.0.0.9");
        final UdpCarrier carrier = carrier(new InetSocketAddress(literal("::"), 0), ipv6, ipv4);
        final int atIpv6 = ask(ipv6, carrier, "::1");
        final int atIpv4 = ask(ipv4, carrier, "127.0.0.2");
        assertThat(atIpv6).isLessThan(DatagramBatch.UNKNOWN_PEER);
        answer(carrier, atIpv6);
        expectFrom(ipv6, "::1");
        answer(carrier, atIpv4);
        expectFrom(ipv4, "127.0.0.2");

        carrier.bind(atIpv4, 1);
        carrier.bind(atIpv6, 0);
        sendAndExpect(carrier, 0, ipv6, "::1");
        sendAndExpect(carrier, 1, ipv4, "127.0.0.2");
        assertThat(carrier.sourcesGivenUp()).isZero();
    }

    @Test
    void theAddressIsForgottenWhenThePeerMovesBetweenIpv4AndIpv6() throws IOException {
        final DatagramSocket ipv6 = ipv6Socket();
        final DatagramSocket ipv4 = socket("127.0.0.9");
        final UdpCarrier carrier = carrier(new InetSocketAddress(literal("::"), 0), ipv4);
        carrier.bind(ask(ipv4, carrier, "127.0.0.2"), 0);

        carrier.movePeer(0, address(ipv6));
        sendAndExpect(carrier, 0, ipv6, "::1");
        carrier.movePeer(0, address(ipv4));
        sendAndExpect(carrier, 0, ipv4, "127.0.0.1");
        assertThat(carrier.sourcesGivenUp()).isZero();
    }

    @Test
    void aSocketAtOneAddressNamesNoOther() throws IOException {
        final DatagramSocket peer = socket("127.0.0.9");
        final UdpCarrier carrier = carrier(new InetSocketAddress(literal("127.0.0.2"), 0), peer);
        assertThat(ask(peer, carrier, "127.0.0.2")).isZero();
        sendAndExpect(carrier, 0, peer, "127.0.0.2");
    }

    @Test
    void twoDoNotShareThePort() throws IOException {
        final UdpCarrier carrier = carrier(ANY);
        final InetSocketAddress taken = carrier.localAddress();
        assertThatThrownBy(() -> open(taken, List.of())).isInstanceOf(IOException.class);
        for (String each : List.of("127.0.0.1", "127.0.0.2", "127.0.0.7")) {
            assertThatThrownBy(() -> {
                        try (DatagramSocket thief = new DatagramSocket(null)) {
                            thief.setReuseAddress(true);
                            thief.bind(new InetSocketAddress(literal(each), taken.getPort()));
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    final UdpCarrier carrier(InetSocketAddress local, DatagramSocket... peers) throws IOException {
        final List<InetSocketAddress> addresses = new ArrayList<>();
        for (DatagramSocket each : peers) {
            addresses.add(address(each));
        }
        final UdpCarrier carrier = open(local, addresses);
        open.add(carrier);
        return carrier;
    }

    final DatagramSocket socket(String address) throws IOException {
        final DatagramSocket socket = new DatagramSocket(new InetSocketAddress(literal(address), 0));
        socket.setSoTimeout(PATIENCE_MS);
        open.add(socket);
        return socket;
    }

    private DatagramSocket ipv6Socket() throws IOException {
        DatagramSocket socket = null;
        try {
            socket = socket("::1");
        } catch (IOException e) {
            assumeTrue(false, "no IPv6 here");
        }
        return socket;
    }

    /** The peer sends something to that address of the carrier; its origin. */
    final int ask(DatagramSocket peer, UdpCarrier carrier, String address) throws IOException {
        final InetSocketAddress to =
                new InetSocketAddress(literal(address), carrier.localAddress().getPort());
        peer.send(new DatagramPacket(new byte[LENGTH], LENGTH, to));
        frames.room(0, 0);
        for (long i = 0; i < PATIENCE; i++) {
            if (carrier.receive(frames, 1, LENGTH) == 1) {
                assertThat(frames.length(0)).isEqualTo(LENGTH);
                return frames.origin(0);
            }
        }
        throw new AssertionError("nothing arrived at " + to);
    }

    final void answer(UdpCarrier carrier, int origin) {
        frames.frame(0, 0, LENGTH);
        carrier.sendMessage(origin, frames, 0);
    }

    /** A few frames of one length, as large messages, and one of another. */
    final void sendAndExpect(UdpCarrier carrier, int peer, DatagramSocket socket, String from) throws IOException {
        for (int i = 0; i < CAPACITY; i++) {
            frames.frame(i, (long) i * LENGTH, LENGTH);
        }
        assertThat(carrier.send(peer, frames, 0, CAPACITY)).isEqualTo(CAPACITY);
        for (int i = 0; i < CAPACITY; i++) {
            expectFrom(socket, from);
        }
        frames.frame(0, 0, LENGTH - 1);
        assertThat(carrier.send(peer, frames, 0, 2)).isEqualTo(2);
        expectFrom(socket, from);
        expectFrom(socket, from);
        assertThat(carrier.sendErrors()).isZero();
    }

    static void expectFrom(DatagramSocket peer, String address) throws IOException {
        final DatagramPacket packet = new DatagramPacket(new byte[LENGTH], LENGTH);
        peer.receive(packet);
        assertThat(packet.getAddress()).isEqualTo(literal(address));
    }

    static InetSocketAddress address(DatagramSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    static InetAddress literal(String address) {
        return InetAddress.ofLiteral(address);
    }
}
