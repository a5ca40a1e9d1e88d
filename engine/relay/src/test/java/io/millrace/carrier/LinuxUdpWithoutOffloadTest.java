package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.natives.LinuxSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A carrier on a system without segmentation and receive offload, or on one that refuses to segment. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class LinuxUdpWithoutOffloadTest extends UdpCarrierContract {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int COUNT = 40;

    /** Socket option, socket(7): no checksums, with which the system segments nothing. */
    private static final int SO_NO_CHECK = 11;

    @Override
    UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        return new LinuxUdpCarrier(local, peers, false);
    }

    @Test
    void framesThatAreSentTogetherArriveOneByOne() throws IOException {
        try (UdpCarrier receiver = new LinuxUdpCarrier(ANY_PORT, List.of());
                UdpCarrier sender = open(ANY_PORT, List.of(receiver.localAddress()))) {
            assertArrive(sender, receiver);
        }
    }

    /** A carrier takes what travels as one message in one step: here it leaves the rest in the kernel. */
    @Test
    void framesThatAreSentTogetherTravelOneByOne() throws IOException {
        try (Arena arena = Arena.ofConfined();
                UdpCarrier receiver = new LinuxUdpCarrier(ANY_PORT, List.of());
                UdpCarrier sender = open(ANY_PORT, List.of(receiver.localAddress()))) {
            final DatagramBatch frames = new DatagramBatch(arena.allocate(ROOM_LENGTH), 2);
            frames.frame(0, 0, FRAME_LENGTH);
            frames.frame(1, 0, FRAME_LENGTH);
            assertThat(sender.send(0, frames, 0, 2)).isEqualTo(2);
            while (receiver.receive(frames, 1, ROOM_LENGTH) == 0) {
                Thread.onSpinWait();
            }

            assertThat(LinuxUdpCarrierTest.bytesInKernel(receiver.localAddress().getPort()))
                    .isPositive();
        }
    }

    @Test
    void framesThatLeftTogetherAreReceivedOneByOne() throws IOException {
        try (UdpCarrier receiver = open(ANY_PORT, List.of());
                UdpCarrier sender = new LinuxUdpCarrier(ANY_PORT, List.of(receiver.localAddress()))) {
            assertArrive(sender, receiver);
        }
    }

    @Test
    void framesLeaveOneByOneOnceTheSystemRefusesToSegment() throws IOException {
        try (UdpCarrier receiver = new LinuxUdpCarrier(ANY_PORT, List.of());
                LinuxUdpCarrier sender = new LinuxUdpCarrier(ANY_PORT, List.of(receiver.localAddress()));
                Arena arena = Arena.ofConfined()) {
            final MemorySegment on = arena.allocateFrom(JAVA_INT, 1);
            assertThat(LinuxSocket.setsockopt(
                            LinuxSocket.newErrnoState(arena),
                            sender.fd,
                            LinuxSocket.SOL_SOCKET,
                            SO_NO_CHECK,
                            on,
                            Integer.BYTES))
                    .isZero();
            assertArrive(sender, receiver);
            assertArrive(sender, receiver);
            assertThat(sender.sendErrors()).isZero();
        }
    }

    /** Sends frames in one call; all arrive, whole and in their order. */
    private static void assertArrive(UdpCarrier sender, UdpCarrier receiver) {
        try (Arena arena = Arena.ofConfined()) {
            final DatagramBatch out = new DatagramBatch(arena.allocate((long) COUNT * FRAME_LENGTH), COUNT);
            for (int i = 0; i < COUNT; i++) {
                out.frame(i, (long) i * FRAME_LENGTH, FRAME_LENGTH);
                out.memory().set(ValueLayout.JAVA_BYTE, out.position(i), (byte) i);
            }
            final DatagramBatch in = new DatagramBatch(arena.allocate((long) COUNT * ROOM_LENGTH), COUNT);
            assertThat(sender.send(0, out, 0, COUNT)).isEqualTo(COUNT);
            for (int done = 0; done < COUNT; ) {
                for (int i = 0; i < COUNT; i++) {
                    in.room(i, (long) i * ROOM_LENGTH);
                }
                final int got = receiver.receive(in, COUNT, ROOM_LENGTH);
                for (int i = 0; i < got; i++) {
                    assertThat(in.length(i)).isEqualTo(FRAME_LENGTH);
                    assertThat(in.memory().get(ValueLayout.JAVA_BYTE, in.position(i)))
                            .isEqualTo((byte) (done + i));
                }
                done += got;
            }
        }
    }
}
