package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What holds for every carrier. A subclass connects ends 0, 1 and 2; end 0 is peer 0 of 1, and 1 and 2 are peers 0 and 1
 * of 0. End 2 knows 0 as its peer 0. A stranger sends to 0 and is no peer of it.
 */
abstract class CarrierContract {
    static final int FRAME_LENGTH = 2_076;
    static final int ROOM_LENGTH = FRAME_LENGTH + 1;
    private static final int STRIDE = 2_112;
    private static final int CAPACITY = 200;
    private static final long PATIENCE = 50_000_000;

    private final long liveBefore = TrackedArena.liveBytes();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate((long) CAPACITY * STRIDE, 64);
    private final DatagramBatch outbound = new DatagramBatch(memory, CAPACITY);
    private final MemorySegment target = arena.allocate((long) CAPACITY * STRIDE, 64);
    private final DatagramBatch inbound = new DatagramBatch(target, CAPACITY);
    private Carrier[] ends = {};

    /** Ends 0, 1, 2 and the stranger, whose peer 0 is end 0. */
    abstract Carrier[] connect() throws IOException;

    private void open() throws IOException {
        ends = connect();
        for (int i = 0; i < CAPACITY; i++) {
            inbound.room(i, (long) i * STRIDE);
        }
    }

    @AfterEach
    void closeAll() {
        for (Carrier end : ends) {
            end.close();
            end.close();
        }
        arena.close();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBefore);
    }

    @Test
    void findsNothingWhereNothingWasSent() throws IOException {
        open();
        assertThat(ends[0].receive(inbound, CAPACITY, ROOM_LENGTH)).isZero();
    }

    @Test
    @Timeout(300)
    void waitsUntilAFrameArrives() throws Exception {
        open();
        assumeTrue(ends[0].canAwait());
        fill(0, 1, FRAME_LENGTH, 7);
        final Thread sender = Thread.ofPlatform().start(() -> ends[1].send(0, outbound, 0, 1));
        while (ends[0].receive(inbound, 1, ROOM_LENGTH) == 0) {
            ends[0].await(Carrier.LONGEST_WAIT_NS);
        }
        sender.join();
        assertSame(0, 0, FRAME_LENGTH);
    }

    @Test
    @Timeout(300)
    void anotherThreadEndsTheWaitOrTheNextOne() throws Exception {
        open();
        assumeTrue(ends[0].canAwait());
        ends[0].wakeUp();
        ends[0].await(Carrier.LONGEST_WAIT_NS);

        // Without a wake-up these would take 17 minutes.
        final AtomicInteger waits = new AtomicInteger();
        final Thread waiting = Thread.ofPlatform().start(() -> {
            while (waits.get() < 1_000) {
                ends[0].await(Carrier.LONGEST_WAIT_NS);
                waits.incrementAndGet();
            }
        });
        while (waiting.isAlive()) {
            ends[0].wakeUp();
            Thread.onSpinWait();
        }
    }

    @Test
    @Timeout(300)
    void waitsForAsLongAsItIsToldAndIsNotWokenAfterItsEnd() throws IOException {
        open();
        assumeTrue(ends[0].canAwait());
        final long start = System.nanoTime();
        ends[0].await(20_000_000);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(19_000_000);
        for (long ns : new long[] {999_999, 0, -1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> ends[0].await(ns)).isInstanceOf(IllegalArgumentException.class);
        }
        ends[0].close();
        ends[0].wakeUp();
    }

    @Test
    void carriesFramesUnchangedInOrderAndNamesTheirPeer() throws IOException {
        open();
        fill(0, 100, FRAME_LENGTH, 7);
        assertThat(ends[1].send(0, outbound, 0, 100)).isEqualTo(100);

        receive(ends[0], 100);
        for (int i = 0; i < 100; i++) {
            assertThat(inbound.peer(i)).isZero();
            assertThat(inbound.length(i)).isEqualTo(FRAME_LENGTH);
            assertSame(i, i, FRAME_LENGTH);
        }
    }

    @Test
    void carriesBothWaysAndTellsPeersApart() throws IOException {
        open();
        fill(0, 3, FRAME_LENGTH, 1);
        assertThat(ends[1].send(0, outbound, 0, 1)).isOne();
        receive(ends[0], 1);
        assertThat(inbound.peer(0)).isZero();
        assertThat(ends[2].send(0, outbound, 1, 1)).isOne();
        receive(ends[0], 1);
        assertThat(inbound.peer(0)).isOne();
        assertSame(1, 0, FRAME_LENGTH);

        assertThat(ends[0].send(1, outbound, 2, 1)).isOne();
        receive(ends[2], 1);
        assertThat(inbound.peer(0)).isZero();
        assertSame(2, 0, FRAME_LENGTH);
        assertThat(ends[1].receive(inbound, CAPACITY, ROOM_LENGTH)).isZero();
    }

    @Test
    void saysThatAStrangerIsUnknown() throws IOException {
        open();
        fill(0, 5, FRAME_LENGTH, 2);
        assertThat(ends[3].send(0, outbound, 0, 5)).isEqualTo(5);

        receive(ends[0], 5);
        for (int i = 0; i < 5; i++) {
            assertThat(inbound.peer(i)).isEqualTo(DatagramBatch.UNKNOWN_PEER);
        }
    }

    @Test
    void carriesAnyLengthAndReportsIt() throws IOException {
        open();
        final int[] lengths = {1, 0, 2_076, 17, 2_075, 2_077};
        fill(0, lengths.length, FRAME_LENGTH, 3);
        for (int i = 0; i < lengths.length; i++) {
            outbound.frame(i, outbound.position(i), lengths[i]);
        }
        assertThat(ends[1].send(0, outbound, 0, lengths.length)).isEqualTo(lengths.length);

        receive(ends[0], lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            assertThat(inbound.length(i)).isEqualTo(lengths[i]);
            assertSame(i, i, lengths[i]);
        }
    }

    @Test
    void cutsOffALongerFrameAndReportsItsFullLength() throws IOException {
        open();
        fill(0, 2, FRAME_LENGTH, 4);
        ends[1].send(0, outbound, 0, 2);

        target.fill((byte) 0x55);
        int count = 0;
        for (long i = 0; i < PATIENCE && count == 0; i++) {
            count = ends[0].receive(inbound, 1, 100);
        }
        assertThat(count).isOne();
        assertThat(inbound.length(0)).isEqualTo(FRAME_LENGTH);
        assertSame(0, 0, 100);
        assertThat(target.get(JAVA_BYTE, 100)).isEqualTo((byte) 0x55);
        receive(ends[0], 1);
        assertSame(1, 0, FRAME_LENGTH);
    }

    @Test
    void neverFillsMoreThanTheLimit() throws IOException {
        open();
        fill(0, 10, FRAME_LENGTH, 5);
        ends[1].send(0, outbound, 0, 10);

        int seen = 0;
        for (long i = 0; i < PATIENCE && seen < 10; i++) {
            final int count = ends[0].receive(inbound, 3, ROOM_LENGTH);
            assertThat(count).isLessThanOrEqualTo(3);
            for (int j = 0; j < count; j++) {
                assertSame(seen + j, j, FRAME_LENGTH);
            }
            seen += count;
        }
        assertThat(seen).isEqualTo(10);
    }

    @Test
    void survivesAPeerThatIsClosedAndStillReachesTheOther() throws IOException {
        open();
        ends[1].close();
        fill(0, 20, FRAME_LENGTH, 6);
        for (int i = 0; i < 10; i++) {
            ends[0].send(0, outbound, 0, 10);
            ends[0].receive(inbound, CAPACITY, ROOM_LENGTH);
        }

        assertThat(ends[0].send(1, outbound, 10, 10)).isEqualTo(10);
        receive(ends[2], 10);
        for (int i = 0; i < 10; i++) {
            assertSame(10 + i, i, FRAME_LENGTH);
        }
    }

    @Test
    void takesNoMoreThanItCanHoldWhenAPeerDoesNotRead() throws IOException {
        open();
        fill(0, 100, FRAME_LENGTH, 7);
        long taken = 0;
        for (int i = 0; i < 100; i++) {
            taken += ends[0].send(0, outbound, 0, 100);
        }
        // A queue refuses, the network loses; either way the other peer is still reached and nothing was thrown.
        assertThat(taken).isLessThanOrEqualTo(10_000);
        assertThat(ends[0].send(1, outbound, 0, 5)).isEqualTo(5);
        receive(ends[2], 5);
        assertSame(4, 4, FRAME_LENGTH);
    }

    @Test
    void allocatesNothingPerFrame() throws IOException {
        open();
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        fill(0, 32, FRAME_LENGTH, 8);
        long least = Long.MAX_VALUE;
        // The first rounds are the interpreter's and the compiler's; the claim is about the steady state.
        for (int round = 0; round < 10_000 && least > 0; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20; i++) {
                ends[1].send(0, outbound, 0, 32);
                receiveQuietly(32);
                ends[0].receive(inbound, CAPACITY, ROOM_LENGTH);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes a round").isZero();
    }

    private void receiveQuietly(int expected) {
        int count = 0;
        for (long i = 0; i < PATIENCE && count < expected; i++) {
            count += ends[0].receive(inbound, CAPACITY, ROOM_LENGTH);
        }
        if (count != expected) {
            throw new AssertionError("lost frames: received=" + count + " of " + expected);
        }
    }

    /** Receives exactly {@code expected} frames into the rooms from 0 on, in as many parts as a busy system makes of them. */
    private void receive(Carrier end, int expected) {
        assertThat(receive(end, inbound, expected, PATIENCE)).isEqualTo(expected);
        assertThat(end.receive(inbound, 0, ROOM_LENGTH)).isZero();
    }

    /** Receives in parts until {@code frames} has so many, or has looked for them so often; gives their number. */
    static int receive(Carrier end, DatagramBatch frames, int expected, long looks) {
        final DatagramBatch part = new DatagramBatch(frames.memory(), expected);
        int count = 0;
        for (int i = 0; i < expected; i++) {
            part.room(i, frames.position(i));
        }
        for (long look = 0; look < looks && count < expected; look++) {
            final int got = end.receive(part, expected - count, ROOM_LENGTH);
            for (int i = 0; i < got; i++) {
                frames.filled(count + i, part.length(i), part.peer(i));
            }
            count += got;
            for (int i = 0; got > 0 && i < expected - count; i++) {
                part.room(i, frames.position(count + i));
            }
        }
        return count;
    }

    private void fill(int from, int count, int length, long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = from; i < from + count; i++) {
            // In reverse and with a gap, so that positions matter.
            final long position = (long) (CAPACITY - 1 - i) * STRIDE;
            outbound.frame(i, position, length);
            for (long at = 0; at < STRIDE; at++) {
                memory.set(JAVA_BYTE, position + at, (byte) random.nextInt());
            }
        }
    }

    private void assertSame(int sent, int received, int length) {
        final long mismatch = MemorySegment.mismatch(
                memory,
                outbound.position(sent),
                outbound.position(sent) + length,
                target,
                inbound.position(received),
                inbound.position(received) + length);
        assertThat(mismatch).as("first byte that differs").isEqualTo(-1);
    }
}
