package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InProcessCarrierTest extends CarrierContract {
    @Override
    Carrier[] connect() {
        final InProcessCarrier[] ends = {
            new InProcessCarrier(2), new InProcessCarrier(1), new InProcessCarrier(1), new InProcessCarrier(1)
        };
        InProcessCarrier.connect(ends[0], 0, ends[1], 0, 128, FRAME_LENGTH + 1);
        InProcessCarrier.connect(ends[0], 1, ends[2], 0, 128, FRAME_LENGTH + 1);
        InProcessCarrier.connect(ends[3], 0, ends[0], DatagramBatch.UNKNOWN_PEER, 128, FRAME_LENGTH + 1);
        return ends;
    }

    @Test
    void refusesWhatDoesNotFitAndTakesItAgainOnceThereIsRoom() {
        try (Arena arena = Arena.ofConfined();
                InProcessCarrier a = new InProcessCarrier(1);
                InProcessCarrier b = new InProcessCarrier(1)) {
            InProcessCarrier.connect(a, 0, b, 0, 3, 8);
            final DatagramBatch frames = numbered(arena, 10);

            assertThat(a.send(0, frames, 0, 10)).isEqualTo(3);
            assertThat(a.send(0, frames, 3, 7)).isZero();
            assertThat(b.receive(frames, 2, 8)).isEqualTo(2);
            assertThat(a.send(0, frames, 3, 7)).isEqualTo(2);
            assertThat(a.sendErrors()).isZero();
        }
    }

    @Test
    void losesAndCountsWhatIsTooLongOrGoesNowhere() {
        final InProcessCarrier b = new InProcessCarrier(1);
        try (Arena arena = Arena.ofConfined();
                InProcessCarrier a = new InProcessCarrier(2)) {
            InProcessCarrier.connect(a, 0, b, 0, 3, 7);
            final DatagramBatch frames = numbered(arena, 10);

            assertThat(a.send(0, frames, 0, 2)).isEqualTo(2);
            assertThat(a.send(1, frames, 0, 4)).isEqualTo(4);
            assertThat(a.sendErrors()).isEqualTo(6);
            assertThat(b.receive(frames, 10, 8)).isZero();
            b.close();
            assertThat(a.send(0, frames, 0, 5)).isEqualTo(5);
            assertThat(a.sendErrors()).isEqualTo(11);
        }
    }

    /** With one loud and one quiet sender, the quiet one is heard in the round after the loud one. */
    @Test
    void hearsEachSenderInTurn() {
        try (Arena arena = Arena.ofConfined();
                InProcessCarrier hub = new InProcessCarrier(2);
                InProcessCarrier loud = new InProcessCarrier(1);
                InProcessCarrier quiet = new InProcessCarrier(1)) {
            InProcessCarrier.connect(hub, 0, loud, 0, 100, 8);
            InProcessCarrier.connect(hub, 1, quiet, 0, 100, 8);
            final DatagramBatch frames = numbered(arena, 100);
            loud.send(0, frames, 0, 100);
            quiet.send(0, frames, 0, 1);

            boolean heard = false;
            for (int round = 0; round < 2; round++) {
                final int count = hub.receive(frames, 4, 8);
                for (int i = 0; i < count; i++) {
                    heard |= frames.peer(i) == 1;
                }
            }
            assertThat(heard).isTrue();
        }
    }

    @Test
    void carriesEveryFrameBetweenTwoThreads() throws InterruptedException {
        final int total = 300_000;
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Arena arena = Arena.ofShared();
                InProcessCarrier a = new InProcessCarrier(1);
                InProcessCarrier b = new InProcessCarrier(1)) {
            InProcessCarrier.connect(a, 0, b, 0, 64, 8);
            final DatagramBatch outbound = numbered(arena, 16);
            final DatagramBatch inbound = numbered(arena, 16);
            final Thread sender = new Thread(() -> {
                try {
                    long next = 0;
                    while (next < total) {
                        for (int i = 0; i < 16; i++) {
                            outbound.memory().set(JAVA_LONG, outbound.position(i), next + i);
                        }
                        final int taken = a.send(0, outbound, 0, (int) Math.min(16, total - next));
                        next += taken;
                        if (taken == 0) {
                            Thread.onSpinWait();
                        }
                    }
                } catch (Throwable t) {
                    failure.set(t);
                }
            });
            sender.start();
            long expected = 0;
            while (expected < total && failure.get() == null) {
                final int count = b.receive(inbound, 16, 8);
                for (int i = 0; i < count; i++) {
                    if (inbound.memory().get(JAVA_LONG, inbound.position(i)) != expected) {
                        throw new AssertionError("out of order: expected=" + expected);
                    }
                    expected++;
                }
            }
            sender.join();
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void refusesConnectionsThatMakeNoSense() {
        try (InProcessCarrier a = new InProcessCarrier(1);
                InProcessCarrier b = new InProcessCarrier(1)) {
            assertThatThrownBy(() -> InProcessCarrier.connect(a, 0, b, 0, 0, 8)).hasMessageContaining("capacity=0");
            InProcessCarrier.connect(a, 0, b, 0, 1, 8);
            assertThatThrownBy(() -> InProcessCarrier.connect(a, 0, b, 0, 1, 8)).hasMessageContaining("peer=0");
        }
    }

    private static DatagramBatch numbered(Arena arena, int count) {
        final MemorySegment memory = arena.allocate(JAVA_LONG, count);
        final DatagramBatch frames = new DatagramBatch(memory, count);
        for (int i = 0; i < count; i++) {
            memory.setAtIndex(JAVA_LONG, i, i);
            frames.frame(i, i * 8L, 8);
        }
        return frames;
    }
}
