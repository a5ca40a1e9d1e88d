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
 * <p>Not thread safe. Allocates nothing while load runs.
 */
final class Generator implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int STRIDE = 2_176;
    private static final long IDLE_NS = 10_000;
    private static final double LATE_SHARE = 0.02;
    private static final double HOPELESS_SHARE = 0.1;
    private static final long HOPELESS_LEAST_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAG_MAX_NS = TimeUnit.SECONDS.toNanos(60);

    private final TrackedArena arena = TrackedArena.shared();
    private final Traffic traffic;
    private final KneeSocket upstream;
    private final Carrier downstream;
    private final Link sending;
    private final Link receiving;
    private final LinkSealer sealer;
    private final LinkOpener opener;
    private long epoch = 1;
    private final FrameBatch outbound;
    private final FrameBatch inbound;
    private final long[] receivedNs;
    private final long[] opened = new long[BATCH];
    private Histogram lag = new Histogram(1, LAG_MAX_NS, 3);
    private double rate;
    private long start;
    private boolean behind;
    private int sent;
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
     */
    Generator(
            BatchCrypto crypto,
            Traffic traffic,
            KneeSocket upstream,
            Carrier downstream,
            Link sending,
            Link receiving) {
        this.traffic = traffic;
        this.upstream = upstream;
        this.downstream = downstream;
        this.sending = sending;
        this.receiving = receiving;
        final MemorySegment memory = arena.allocate(2L * BATCH * STRIDE, 64);
        sealer = new LinkSealer(arena, crypto, memory, BATCH);
        opener = new LinkOpener(arena, crypto, memory, BATCH);
        outbound = new FrameBatch(memory, BATCH);
        inbound = new FrameBatch(memory, BATCH);
        for (int i = 0; i < BATCH; i++) {
            outbound.frame(i, (long) i * STRIDE + 64 - LinkFrame.HEADER_LENGTH, LinkFrame.FRAME_LENGTH);
            inbound.room(i, (long) (BATCH + i) * STRIDE + 64 - LinkFrame.HEADER_LENGTH);
        }
        receivedNs = new long[traffic.count()];
    }

    /**
     * Sends {@code count} packets at {@code rate}, and gives up once it is {@value #HOPELESS_SHARE} of the whole time
     * behind: such an interval has failed whatever comes.
     *
     * @param rate packets a second.
     * @param count 1 to {@link Traffic#count()}.
     */
    void send(double rate, int count) {
        Arrays.fill(receivedNs, 0);
        received = 0;
        duplicates = 0;
        unknown = 0;
        refused = 0;
        this.rate = rate;
        lag = new Histogram(1, LAG_MAX_NS, 3);
        final double interval = 1e9 / rate;
        start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1);
        final long hopelessNs = (long) (HOPELESS_SHARE * count * interval) + HOPELESS_LEAST_NS;
        sent = 0;
        long now = System.nanoTime();
        while (sent < count && now - start - (long) (sent * interval) < hopelessNs) {
            final int due = (int) Math.min(count, now < start ? 0 : (long) ((now - start) / interval) + 1);
            final int taken = sent < due ? offer(sent, Math.min(due - sent, BATCH)) : 0;
            for (int i = 0; i < taken; i++) {
                lag.recordValue(Math.clamp(now - start - (long) ((sent + i) * interval), 0, LAG_MAX_NS));
            }
            sent += taken;
            if (receive() + taken == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
            now = System.nanoTime();
        }
        behind = sent < count || now - start > count * interval * (1 + LATE_SHARE) + TimeUnit.MILLISECONDS.toNanos(5);
    }

    /**
     * Takes what comes back, until all has or nothing did for {@code quietNs}.
     *
     * @return packets that are still missing.
     */
    int settle(long quietNs) {
        long now = System.nanoTime();
        long last = now;
        while (received < sent && now - last < quietNs) {
            if (receive() > 0) {
                last = System.nanoTime();
            } else {
                LockSupport.parkNanos(IDLE_NS);
            }
            now = System.nanoTime();
        }
        return sent - received;
    }

    /** What became of what was sent, as far as it is known now. */
    Load load() {
        return new Load(
                rate,
                start,
                sent,
                received,
                duplicates,
                unknown,
                Arrays.copyOf(receivedNs, sent),
                lag,
                behind,
                refused);
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

    /** Offers packets of the subject's key epoch {@code number} from now on. */
    void epoch(long number) {
        epoch = number;
        traffic.epoch(number);
    }

    private int offer(int first, int count) {
        for (int i = 0; i < count; i++) {
            final long position = outbound.position(i);
            traffic.copyTo(first + i, outbound.memory(), position + LinkFrame.HEADER_LENGTH);
            if (!sealer.add(position, sending, epoch)) {
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
                ? traffic.number(inbound.memory().get(JAVA_LONG_UNALIGNED, position + LinkFrame.HEADER_LENGTH))
                : Traffic.ABSENT;
        if (number == Traffic.ABSENT) {
            unknown++;
        } else if (receivedNs[number] != 0) {
            duplicates++;
        } else {
            receivedNs[number] = now;
            received++;
        }
    }
}
