package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.metrics.NanoClock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets on loopback, two or three ends in one thread. */
class TcpCarrierTest {
    private static final int FRAME_LENGTH = 2_076;
    private static final int ROOM_LENGTH = FRAME_LENGTH + 1;
    private static final int STRIDE = 2_112;
    private static final int CAPACITY = 256;
    private static final long PATIENCE = 20_000_000;
    private static final ValueLayout.OfLong LE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate((long) CAPACITY * STRIDE, 64);
    private final DatagramBatch outbound = new DatagramBatch(memory, CAPACITY);
    private final MemorySegment target = arena.allocate((long) CAPACITY * STRIDE, 64);
    private final DatagramBatch inbound = new DatagramBatch(target, CAPACITY);
    private final List<TcpCarrier> open = new ArrayList<>();
    private long nowNs;
    private TcpCarrier near;
    private TcpCarrier far;

    TcpCarrierTest() {
        for (int i = 0; i < CAPACITY; i++) {
            inbound.room(i, (long) i * STRIDE);
        }
    }

    @AfterEach
    void closeAll() {
        for (TcpCarrier each : open) {
            each.close();
            each.close();
        }
        arena.close();
    }

    @Test
    void carriesFramesUnchangedAndInOrderWhateverTheirCounters() throws IOException {
        bound();
        final long[] counters = {0, 1, 2, 65_536, 65_537, 9L << 48, (9L << 48) + 1, 5, -2};
        fill(counters);

        assertThat(near.send(0, outbound, 0, counters.length)).isEqualTo(counters.length);

        receive(far, counters.length);
        for (int i = 0; i < counters.length; i++) {
            assertThat(inbound.peer(i)).isZero();
            assertThat(inbound.length(i)).isEqualTo(FRAME_LENGTH);
            assertSame(i);
        }
    }

    @Test
    @Timeout(300)
    void waitsForConnectionsFramesAndOtherThreads() throws Exception {
        far = carrier(List.of(new InetSocketAddress(loopback(), 1)));
        near = carrier(List.of(far.localAddress()));
        outbound.frame(0, 0, 28);
        near.sendMessage(0, outbound, 0);
        final Thread sender = Thread.ofPlatform().start(() -> {
            while (near.receive(inbound, 0, ROOM_LENGTH) == 0 && !Thread.interrupted()) {
                near.await(Carrier.LONGEST_WAIT_NS);
            }
        });
        final DatagramBatch received = new DatagramBatch(target, 1);
        received.room(0, 0);
        while (far.receive(received, 1, ROOM_LENGTH) == 0) {
            far.await(Carrier.LONGEST_WAIT_NS);
        }
        sender.interrupt();
        near.wakeUp();
        sender.join();

        for (long ns : new long[] {999_999, 0, -1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> far.await(ns)).isInstanceOf(IllegalArgumentException.class);
        }
        // Without the wake-ups these would take 17 minutes.
        for (int i = 0; i < 1_000; i++) {
            far.wakeUp();
            far.receive(received, 1, ROOM_LENGTH);
            far.await(Long.MAX_VALUE);
        }
        far.close();
        far.wakeUp();
    }

    /** Without being woken, the waits would take four minutes. */
    @Test
    @Timeout(60)
    void aChangeOfPeersEndsTheWait() throws IOException {
        near = carrier(List.of(new InetSocketAddress(loopback(), 1)));
        for (int i = 0; i < 80; i++) {
            near.addPeer(1, new InetSocketAddress(loopback(), 2));
            near.await(Carrier.LONGEST_WAIT_NS);
            near.movePeer(1, new InetSocketAddress(loopback(), 3));
            near.await(Carrier.LONGEST_WAIT_NS);
            near.removePeer(1);
            near.await(Carrier.LONGEST_WAIT_NS);
        }
    }

    @Test
    void theCounterIsOnTheStreamOnlyWhereItDoesNotFollow() throws IOException {
        near = carrier(List.of(new InetSocketAddress(loopback(), 1)));
        try (Socket socket = new Socket(loopback(), near.localAddress().getPort())) {
            socket.getOutputStream().write(record(new byte[28]));
            final int stranger = awaitOne(near);
            near.bind(stranger, 0);
            fill(0, 1, 7, 8);
            assertThat(near.send(0, outbound, 0, 4)).isEqualTo(4);

            final byte[] bytes = socket.getInputStream().readNBytes(4 * 2_068 + 10);
            assertThat(ByteBuffer.wrap(bytes, 2 * 2_068, 2).getShort()).isEqualTo((short) 8);
            assertThat(ByteBuffer.wrap(bytes, 2 * 2_068 + 2, 8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())
                    .isEqualTo(7);
        }
    }

    @Test
    void aStrangersFramesAreRefusedAndItsMessagesAreAnswered() throws IOException {
        near = carrier(List.of(new InetSocketAddress(loopback(), 1)));
        try (Socket socket = new Socket(loopback(), near.localAddress().getPort())) {
            socket.getOutputStream().write(record(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}));
            final int stranger = awaitOne(near);
            assertThat(stranger).isLessThan(DatagramBatch.UNKNOWN_PEER);
            assertThat(inbound.length(0)).isEqualTo(9);

            memory.set(JAVA_BYTE, 0, (byte) 42);
            outbound.frame(0, 0, 28);
            near.sendMessage(stranger, outbound, 0);
            assertThat(socket.getInputStream().readNBytes(3)).containsExactly(0, 28, 42);

            socket.getOutputStream().write(record(new byte[2_066]));
            awaitEnd(socket);
        }
        assertThat(near.receiveErrors()).isPositive();
    }

    @Test
    void aStrangerHasOnlySoMuchTime() throws IOException {
        near = carrier(List.of(new InetSocketAddress(loopback(), 1)));
        try (Socket socket = new Socket(loopback(), near.localAddress().getPort())) {
            socket.getOutputStream().write(record(new byte[28]));
            awaitOne(near);
            nowNs += 11_000_000_000L;
            awaitEnd(socket);
        }
    }

    @Test
    void manyStrangersDisplaceEachOtherAndNobodyElse() throws IOException {
        bound();
        final List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                sockets.add(new Socket(loopback(), far.localAddress().getPort()));
                nowNs++;
                far.receive(inbound, CAPACITY, ROOM_LENGTH);
            }
            fill(0, 1, 2);
            near.send(0, outbound, 0, 3);
            receive(far, 3);
            assertSame(2);
            assertThat(far.receiveErrors()).isGreaterThan(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void rubbishEndsTheConnectionAndTheNextOneWorks() throws IOException {
        near = carrier(List.of(new InetSocketAddress(loopback(), 1)));
        for (long seed = 0; seed < 50; seed++) {
            try (Socket socket = new Socket(loopback(), near.localAddress().getPort())) {
                final byte[] rubbish = new byte[2_000];
                new java.util.Random(seed).nextBytes(rubbish);
                rubbish[0] = (byte) 0xff;
                socket.getOutputStream().write(rubbish);
                awaitEnd(socket);
            } catch (java.net.SocketException e) {
                assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
            }
        }
        try (Socket socket = new Socket(loopback(), near.localAddress().getPort())) {
            socket.getOutputStream().write(record(new byte[28]));
            awaitOne(near);
        }
    }

    @Test
    void aPeerThatDoesNotReadTakesABoundedNumberAndNothingIsLostOnceItReads() throws IOException {
        bound();
        final long[] counters = new long[64];
        long taken = 0;
        int refused = 0;
        while (refused < 1_000) {
            for (int i = 0; i < counters.length; i++) {
                counters[i] = taken + i;
            }
            fill(counters);
            final int now = near.send(0, outbound, 0, counters.length);
            taken += now;
            refused = now == 0 ? refused + 1 : 0;
            near.receive(inbound, CAPACITY, ROOM_LENGTH);
        }
        assertThat(taken).isBetween(1L, 200_000L);

        long next = 0;
        for (long i = 0; i < PATIENCE && next < taken; i++) {
            near.receive(inbound, 1, ROOM_LENGTH);
            final int count = far.receive(inbound, CAPACITY, ROOM_LENGTH);
            for (int j = 0; j < count; j++) {
                assertThat(target.get(LE_LONG, inbound.position(j))).isEqualTo(next++);
            }
        }
        assertThat(next).isEqualTo(taken);
    }

    @Test
    void tellsThatAConnectionIsLostAndMakesAnotherForTheNextMessage() throws IOException {
        bound();
        far.close();
        int lost = DatagramBatch.UNKNOWN_PEER;
        for (long i = 0; i < PATIENCE && lost < 0; i++) {
            near.receive(inbound, CAPACITY, ROOM_LENGTH);
            lost = near.pollLost();
        }
        assertThat(lost).isZero();
        assertThat(near.pollLost()).isEqualTo(DatagramBatch.UNKNOWN_PEER);
        assertThat(near.send(0, outbound, 0, 1)).isZero();

        final int port = far.localAddress().getPort();
        far = TcpCarrier.open(
                new InetSocketAddress(loopback(), port), List.of(near.localAddress()), FRAME_LENGTH, () -> nowNs);
        open.add(far);
        outbound.frame(0, 0, 28);
        for (long i = 0; i < PATIENCE; i++) {
            near.sendMessage(0, outbound, 0);
            near.receive(inbound, CAPACITY, ROOM_LENGTH);
            if (far.receive(inbound, CAPACITY, ROOM_LENGTH) > 0) {
                return;
            }
        }
        throw new AssertionError("never connected again");
    }

    @Test
    void refusesAnAddressInUse() throws IOException {
        near = carrier(List.of());
        assertThatThrownBy(() -> TcpCarrier.open(near.localAddress(), List.of(), FRAME_LENGTH, NanoClock.SYSTEM))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Integer.toString(near.localAddress().getPort()));
    }

    @Test
    void allocatesNothingPerFrame() throws IOException {
        bound();
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long[] counters = new long[32];
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 10_000 && least > 0; round++) {
            fill(counters);
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10; i++) {
                near.send(0, outbound, 0, 32);
                int count = 0;
                for (long j = 0; j < PATIENCE && count < 32; j++) {
                    count += far.receive(inbound, CAPACITY, ROOM_LENGTH);
                    near.receive(inbound, CAPACITY, ROOM_LENGTH);
                }
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes a round").isZero();
    }

    /** Two ends that are connected and bound to each other as their peers 0. */
    private void bound() throws IOException {
        far = carrier(List.of(new InetSocketAddress(loopback(), 1)));
        near = carrier(List.of(far.localAddress()));
        outbound.frame(0, 0, 28);
        near.sendMessage(0, outbound, 0);
        int stranger = 0;
        for (long i = 0; i < PATIENCE && stranger == 0; i++) {
            near.receive(inbound, CAPACITY, ROOM_LENGTH);
            if (far.receive(inbound, CAPACITY, ROOM_LENGTH) == 1) {
                stranger = inbound.peer(0);
            }
        }
        assertThat(stranger).isLessThan(DatagramBatch.UNKNOWN_PEER);
        far.bind(stranger, 0);
    }

    private TcpCarrier carrier(List<InetSocketAddress> peers) throws IOException {
        final TcpCarrier carrier =
                TcpCarrier.open(new InetSocketAddress(loopback(), 0), withLoopback(peers), FRAME_LENGTH, () -> nowNs);
        open.add(carrier);
        return carrier;
    }

    /** With a peer at this machine, so that it may connect. */
    private static List<InetSocketAddress> withLoopback(List<InetSocketAddress> peers) {
        return peers.isEmpty() ? List.of(new InetSocketAddress(loopback(), 1)) : peers;
    }

    private int awaitOne(TcpCarrier carrier) {
        for (long i = 0; i < PATIENCE; i++) {
            if (carrier.receive(inbound, CAPACITY, ROOM_LENGTH) == 1) {
                return inbound.peer(0);
            }
        }
        throw new AssertionError("nothing came");
    }

    /** Runs the carrier until it has closed the connection. */
    private void awaitEnd(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        for (long i = 0; i < PATIENCE; i++) {
            near.receive(inbound, CAPACITY, ROOM_LENGTH);
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (java.net.SocketTimeoutException e) {
                assertThat(e).isNotNull();
            } catch (IOException e) {
                return;
            }
        }
        throw new AssertionError("the connection stays open");
    }

    private static byte[] record(byte[] bytes) {
        return ByteBuffer.allocate(2 + bytes.length)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    private void receive(TcpCarrier end, int expected) {
        assertThat(CarrierContract.receive(end, inbound, expected, PATIENCE)).isEqualTo(expected);
    }

    private void fill(long... counters) {
        final SplittableRandom random = new SplittableRandom(counters.length);
        for (int i = 0; i < counters.length; i++) {
            final long position = (long) (CAPACITY - 1 - i) * STRIDE;
            outbound.frame(i, position, FRAME_LENGTH);
            memory.set(LE_LONG, position, counters[i]);
            memory.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), position + 8, (short) 2_066);
            for (long at = 10; at < FRAME_LENGTH; at += 97) {
                memory.set(JAVA_BYTE, position + at, (byte) random.nextInt());
            }
        }
    }

    private void assertSame(int index) {
        assertThat(MemorySegment.mismatch(
                        memory,
                        outbound.position(index),
                        outbound.position(index) + FRAME_LENGTH,
                        target,
                        inbound.position(index),
                        inbound.position(index) + FRAME_LENGTH))
                .isEqualTo(-1);
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
