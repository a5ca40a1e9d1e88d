package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class LinuxUdpCarrierTest extends UdpCarrierContract {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Gets nothing: each send to it is refused before. */
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

    @Override
    UdpCarrier open(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        return new LinuxUdpCarrier(local, peers);
    }

    @Test
    void refusesFramesWhoseMemoryIsClosed() throws IOException {
        final DatagramBatch frames;
        try (Arena arena = Arena.ofShared()) {
            frames = frames(arena.allocate(ROOM_LENGTH));
        }
        assertRefused(frames, IllegalStateException.class);
    }

    @Test
    void refusesFramesWhoseMemoryIsAnotherThreads() throws IOException, InterruptedException {
        final MemorySegment[] memory = new MemorySegment[1];
        final Thread other =
                Thread.ofPlatform().start(() -> memory[0] = Arena.ofConfined().allocate(ROOM_LENGTH));
        other.join();
        assertRefused(frames(memory[0]), WrongThreadException.class);
    }

    @Test
    void receivesNothingIntoReadOnlyMemory() throws IOException {
        try (UdpCarrier carrier = open(ANY_PORT, List.of(PEER));
                Arena arena = Arena.ofShared()) {
            final DatagramBatch frames = frames(arena.allocate(ROOM_LENGTH).asReadOnly());
            assertThatThrownBy(() -> carrier.receive(frames, 1, ROOM_LENGTH))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Frames of one length that are sent together may come as one message; they come out as they went in. */
    @ParameterizedTest
    @CsvSource({"1, 100, 200", "100, 100, 7", "2076, 100, 3", "2076, 64, 1", "2076, 31, 200", "1280, 70, 16"})
    void cutsFramesApartThatCameTogether(int length, int count, int limit) throws IOException {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        try (Arena arena = Arena.ofShared();
                UdpCarrier receiver = open(ANY_PORT, List.of(PEER));
                UdpCarrier sender = open(ANY_PORT, List.of(receiver.localAddress()))) {
            receiver.movePeer(0, sender.localAddress());
            final MemorySegment sent = arena.allocate((long) count * length);
            for (long at = 0; at < sent.byteSize(); at++) {
                sent.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
            }
            final DatagramBatch out = new DatagramBatch(sent, count);
            for (int i = 0; i < count; i++) {
                out.frame(i, (long) i * length, length);
            }
            final MemorySegment received = arena.allocate((long) count * ROOM_LENGTH);
            final DatagramBatch in = new DatagramBatch(received, count);

            assertThat(sender.send(0, out, 0, count)).isEqualTo(count);
            for (int done = 0; done < count; ) {
                for (int i = 0; i < count - done; i++) {
                    in.room(i, (long) (done + i) * ROOM_LENGTH);
                }
                final int got = receiver.receive(in, Math.min(limit, count - done), ROOM_LENGTH);
                assertThat(got).isLessThanOrEqualTo(limit);
                for (int i = 0; i < got; i++) {
                    assertThat(in.peer(i)).isZero();
                    assertThat(in.length(i)).isEqualTo(length);
                }
                done += got;
            }

            for (int i = 0; i < count; i++) {
                assertThat(received.asSlice((long) i * ROOM_LENGTH, length)
                                .mismatch(sent.asSlice((long) i * length, length)))
                        .as("frame %d, seed=%d", i, seed)
                        .isEqualTo(-1);
            }
            assertThat(receiver.receive(in, Math.min(limit, count), ROOM_LENGTH))
                    .isZero();
        }
    }

    /** After one frame was asked for, the kernel has none left: all came with the first. */
    @Test
    void framesThatWereSentTogetherLeaveTheKernelTogether() throws IOException {
        assumeTrue(
                Integer.parseInt(System.getProperty("os.version").split("\\.", 2)[0]) >= 5,
                "receive offload needs Linux 5.0");
        final int count = 20;
        try (Arena arena = Arena.ofShared();
                UdpCarrier receiver = open(ANY_PORT, List.of(PEER));
                UdpCarrier sender = open(ANY_PORT, List.of(receiver.localAddress()))) {
            final DatagramBatch out = new DatagramBatch(arena.allocate((long) count * FRAME_LENGTH), count);
            for (int i = 0; i < count; i++) {
                out.frame(i, (long) i * FRAME_LENGTH, FRAME_LENGTH);
            }
            final DatagramBatch in = frames(arena.allocate(ROOM_LENGTH));
            assertThat(sender.send(0, out, 0, count)).isEqualTo(count);
            while (receiver.receive(in, 1, ROOM_LENGTH) == 0) {
                Thread.onSpinWait();
            }

            assertThat(bytesInKernel(receiver.localAddress().getPort())).isZero();
            for (int i = 1; i < count; i++) {
                assertThat(receiver.receive(in, 1, ROOM_LENGTH)).isOne();
            }
        }
    }

    /** Bytes that wait in the receive buffer of the IPv4 socket at a port of the loopback address. */
    static long bytesInKernel(int port) throws IOException {
        final String address = String.format(Locale.ROOT, "0100007F:%04X", port);
        final String[] columns = Files.readAllLines(Path.of("/proc/net/udp")).stream()
                .map(line -> line.trim().split("\\s+"))
                .filter(line -> line[1].equals(address))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(columns[4].split(":", 2)[1], 16);
    }

    /** The frames that found no room wait, also for rooms of another length, and keep their lengths. */
    @Test
    void framesThatWaitAreCutToTheRoomsThatTheyGet() throws IOException {
        try (Arena arena = Arena.ofShared();
                UdpCarrier receiver = open(ANY_PORT, List.of(PEER));
                UdpCarrier sender = open(ANY_PORT, List.of(receiver.localAddress()))) {
            final MemorySegment sent = arena.allocate(3L * FRAME_LENGTH);
            sent.fill((byte) 7);
            final DatagramBatch out = new DatagramBatch(sent, 3);
            for (int i = 0; i < 3; i++) {
                out.frame(i, (long) i * FRAME_LENGTH, FRAME_LENGTH);
            }
            final MemorySegment received = arena.allocate(ROOM_LENGTH);
            final DatagramBatch in = new DatagramBatch(received, 1);
            sender.send(0, out, 0, 3);
            for (int roomLength : new int[] {10, 20, ROOM_LENGTH}) {
                received.fill((byte) 0);
                in.room(0, 0);
                while (receiver.receive(in, 1, roomLength) == 0) {
                    Thread.onSpinWait();
                }
                final int filled = Math.min(roomLength, FRAME_LENGTH);
                assertThat(in.length(0)).isEqualTo(FRAME_LENGTH);
                assertThat(in.peer(0)).isEqualTo(DatagramBatch.UNKNOWN_PEER);
                assertThat(received.get(ValueLayout.JAVA_BYTE, filled - 1L)).isEqualTo((byte) 7);
                assertThat(received.get(ValueLayout.JAVA_BYTE, filled)).isZero();
            }
        }
    }

    private static DatagramBatch frames(MemorySegment memory) {
        final DatagramBatch frames = new DatagramBatch(memory, 1);
        frames.room(0, 0);
        return frames;
    }

    private void assertRefused(DatagramBatch frames, Class<? extends RuntimeException> type) throws IOException {
        try (UdpCarrier carrier = open(ANY_PORT, List.of(PEER))) {
            assertThatThrownBy(() -> carrier.receive(frames, 1, ROOM_LENGTH)).isInstanceOf(type);
            assertThatThrownBy(() -> carrier.send(0, frames, 0, 1)).isInstanceOf(type);
        }
    }
}
