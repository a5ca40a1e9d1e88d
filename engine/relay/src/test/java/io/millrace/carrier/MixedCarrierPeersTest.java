package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.metrics.NanoClock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers over two carriers that come, move and go. Peer 0 is reached over UDP, peer 1 over TCP. */
class MixedCarrierPeersTest {
    private static final int FRAME_LENGTH = 2_076;
    private static final int ROOM_LENGTH = FRAME_LENGTH + 1;
    private static final long PATIENCE = 50_000_000;

    private final Arena arena = Arena.ofShared();
    private final DatagramBatch frames = new DatagramBatch(arena.allocate(2 * ROOM_LENGTH), 1);
    private final List<Carrier> open = new ArrayList<>();
    private UdpCarrier first;
    private UdpCarrier second;
    private TcpCarrier far;
    private MixedCarrier mixed;

    @BeforeEach
    void connect() throws IOException {
        first = udp();
        second = udp();
        far = tcp(loopback(1));
        mixed = new MixedCarrier(udp(first.localAddress(), null), tcp(null, far.localAddress()), List.of(false, true));
        open.add(mixed);
    }

    @AfterEach
    void closeAll() {
        open.forEach(Carrier::close);
        arena.close();
    }

    @Test
    void aPeerThatWasAddedMoves() {
        mixed.addPeer(2, second.localAddress());
        assertReached(2, second);

        final UdpCarrier third = udp();
        mixed.movePeer(2, third.localAddress());
        assertReached(2, third);
        mixed.removePeer(2);
        mixed.addPeer(2, second.localAddress());
        assertReached(2, second);
    }

    @Test
    void aPeerMovesOverItsOwnCarrier() {
        mixed.movePeer(0, second.localAddress());
        assertReached(0, second);

        final TcpCarrier elsewhere = tcp(loopback(1));
        mixed.movePeer(1, elsewhere.localAddress());
        frames.frame(0, 0, 28);
        mixed.sendMessage(1, frames, 0);
        assertArrives(elsewhere);
    }

    @Test
    void anAddressThatAPeerLeftIsFreeForTheOthers() {
        final InetSocketAddress left = first.localAddress();
        mixed.movePeer(0, second.localAddress());
        mixed.movePeer(1, left);
        mixed.movePeer(0, far.localAddress());
        mixed.addPeer(2, left);
        assertReached(2, first);
    }

    @Test
    void refusesToMoveAPeerThatItDoesNotHaveAndChangesNothing() {
        final InetSocketAddress address = second.localAddress();
        for (int peer : new int[] {-1, 2, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> mixed.movePeer(peer, address))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("peer=" + peer);
        }
        assertReached(0, first);
    }

    @Test
    void refusesToMoveAPeerThatWasRemoved() {
        mixed.addPeer(4, second.localAddress());
        for (int peer : new int[] {4, 1, 0}) {
            mixed.removePeer(peer);
        }
        for (int peer : new int[] {0, 1, 2, 3, 4}) {
            assertThatThrownBy(() -> mixed.movePeer(peer, first.localAddress()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no such peer: peer=" + peer);
        }
        mixed.removePeer(-1);
        mixed.removePeer(Integer.MAX_VALUE);
        mixed.addPeer(1, first.localAddress());
        assertReached(1, first);
        mixed.movePeer(1, second.localAddress());
        assertReached(1, second);
    }

    private void assertReached(int peer, UdpCarrier there) {
        frames.frame(0, 0, 100);
        assertThat(mixed.send(peer, frames, 0, 1)).isOne();
        assertArrives(there);
    }

    private void assertArrives(Carrier there) {
        int count = 0;
        for (long i = 0; i < PATIENCE && count == 0; i++) {
            frames.room(0, ROOM_LENGTH);
            mixed.receive(frames, 1, ROOM_LENGTH);
            frames.room(0, ROOM_LENGTH);
            count = there.receive(frames, 1, ROOM_LENGTH);
        }
        assertThat(count).as("frames that arrived").isOne();
    }

    private UdpCarrier udp(InetSocketAddress... peers) {
        try {
            final UdpCarrier carrier = UdpCarrier.open(loopback(0), Arrays.asList(peers));
            open.add(carrier);
            return carrier;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private TcpCarrier tcp(InetSocketAddress... peers) {
        try {
            final TcpCarrier carrier =
                    TcpCarrier.open(loopback(0), Arrays.asList(peers), FRAME_LENGTH, NanoClock.SYSTEM);
            open.add(carrier);
            return carrier;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }
}
