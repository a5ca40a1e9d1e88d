package io.millrace.carrier;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

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
