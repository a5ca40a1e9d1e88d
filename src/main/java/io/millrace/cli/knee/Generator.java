package io.millrace.cli.knee;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.FrameBatch;
import io.millrace.crypto.BatchCrypto;
import io.millrace.htx.FrameStatus;
import io.millrace.htx.Link;
import io.millrace.htx.LinkFrame;
import io.millrace.htx.LinkOpener;
import io.millrace.htx.LinkSealer;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The open-loop generator: both neighbours of the subject in one thread. Sends what is due, takes what comes back, and
 * never waits for the subject.
 *
 * <p>Not thread safe. Allocates nothing while load runs, but for its result.
 */
final class Generator implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int STRIDE = 2_176;
    private static final long IDLE_NS = 10_000;
    private static final double LATE_SHARE = 0.02;
    private static final long LAG_MAX_NS = TimeUnit.SECONDS.toNanos(60);

    private final TrackedArena arena = TrackedArena.shared();
    private final LoadPool pool;
    private final KneeSocket upstream;
    private final Carrier downstream;
    private final Link sending;
    private final Link receiving;
    private final AlphaIndex index;
    private final LinkSealer sealer;
    private final LinkOpener opener;
    private final FrameBatch outbound;
    private final FrameBatch inbound;
    private final long[] receivedNs;
    private final long[] opened = new long[BATCH];
    private int received;
    private int duplicates;
    private int unknown;
    private int refused;

    /**
     * Joins the parts.
     *
     * @param upstream its peer 0 is the subject; stays the caller's, as does {@code downstream}.
     * @param sending link to the subject; taken over.
     * @param receiving link from the subject; taken over.
     * @param index knows the packets that come back.
     */
    Generator(
            BatchCrypto crypto,
            LoadPool pool,
            KneeSocket upstream,
            Carrier downstream,
            Link sending,
            Link receiving,
            AlphaIndex index) {
        this.pool = pool;
        this.upstream = upstream;
        this.downstream = downstream;
        this.sending = sending;
        this.receiving = receiving;
        this.index = index;
        final MemorySegment memory = arena.allocate(2L * BATCH * STRIDE, 64);
        sealer = new LinkSealer(arena, crypto, memory, BATCH);
        opener = new LinkOpener(arena, crypto, memory, BATCH);
        outbound = new FrameBatch(memory, BATCH);
        inbound = new FrameBatch(memory, BATCH);
        for (int i = 0; i < BATCH; i++) {
            outbound.frame(i, (long) i * STRIDE + 64 - LinkFrame.HEADER_LENGTH, LinkFrame.FRAME_LENGTH);
            inbound.room(i, (long) (BATCH + i) * STRIDE + 64 - LinkFrame.HEADER_LENGTH);
        }
        receivedNs = new long[pool.count()];
    }

    /**
     * Sends {@code count} packets at {@code rate} and waits for them to come back.
     *
     * @param rate packets a second.
     * @param count 1 to the pool's size.
     * @param settleNs after the last arrival, before what is missing counts as lost.
     */
    Load run(double rate, int count, long settleNs) {
        Arrays.fill(receivedNs, 0);
        received = 0;
        duplicates = 0;
        unknown = 0;
        refused = 0;
        final Histogram lag = new Histogram(1, LAG_MAX_NS, 3);
        final double interval = 1e9 / rate;
        final long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1);
        int sent = 0;
        long now = System.nanoTime();
        while (sent < count) {
            final int due = (int) Math.min(count, now < start ? 0 : (long) ((now - start) / interval) + 1);
            final int taken = sent < due ? send(sent, Math.min(due - sent, BATCH)) : 0;
            for (int i = 0; i < taken; i++) {
                lag.recordValue(Math.clamp(now - start - (long) ((sent + i) * interval), 0, LAG_MAX_NS));
            }
            sent += taken;
            if (receive() + taken == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
            now = System.nanoTime();
        }
        final boolean behind = now - start > count * interval * (1 + LATE_SHARE) + TimeUnit.MILLISECONDS.toNanos(5);
        long last = now;
        while (received < count && now - last < settleNs) {
            if (receive() > 0) {
                last = System.nanoTime();
            } else {
                LockSupport.parkNanos(IDLE_NS);
            }
            now = System.nanoTime();
        }
        return new Load(rate, start, sent, received, duplicates, unknown, receivedNs.clone(), lag, behind, refused);
    }

    /** Takes and forgets what still comes, until nothing has for {@code quietNs}. */
    void drain(long quietNs) {
        long last = System.nanoTime();
        while (System.nanoTime() - last < quietNs) {
            if (receive() > 0) {
                last = System.nanoTime();
            }
        }
    }

    @Override
    public void close() {
        sending.close();
        receiving.close();
        arena.close();
    }

    private int send(int first, int count) {
        for (int i = 0; i < count; i++) {
            final long position = outbound.position(i);
            pool.copyTo(first + i, outbound.memory(), position + LinkFrame.HEADER_LENGTH);
            if (!sealer.add(position, sending)) {
                throw new AssertionError("the link's counters are used up");
            }
        }
        sealer.seal();
        final int taken = upstream.carrier().send(0, outbound, 0, count);
        refused += count - taken;
        return taken;
    }

    private int receive() {
        upstream.push();
        final int count = downstream.receive(inbound, BATCH, STRIDE - 64);
        if (count == 0) {
            return 0;
        }
        final long now = System.nanoTime();
        int added = 0;
        for (int i = 0; i < count; i++) {
            if (opener.add(inbound.position(i), inbound.length(i), receiving, true) == FrameStatus.OK) {
                opened[added++] = inbound.position(i);
            } else {
                unknown++;
            }
        }
        opener.open();
        for (int frame = 0; frame < added; frame++) {
            take(frame, opened[frame], now);
        }
        return count;
    }

    private void take(int frame, long position, long now) {
        final int number = opener.status(frame) == FrameStatus.OK && receiving.accept(opener.counter(frame))
                ? index.number(inbound.memory().get(JAVA_LONG_UNALIGNED, position + LinkFrame.HEADER_LENGTH))
                : AlphaIndex.ABSENT;
        if (number == AlphaIndex.ABSENT) {
            unknown++;
        } else if (receivedNs[number] != 0) {
            duplicates++;
        } else {
            receivedNs[number] = now;
            received++;
        }
    }
}
