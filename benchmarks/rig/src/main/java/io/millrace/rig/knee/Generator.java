package io.millrace.rig.knee;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.carrier.DatagramBatch;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.FrameStatus;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkOpener;
import io.millrace.link.LinkSealer;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The open-loop generator: all neighbours of the subject in one thread. Sends due packets, takes returning ones, and never
 * waits for the subject.
 *
 * <p>Not thread safe. Allocates nothing while load runs.
 */
final class Generator implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int STRIDE = 2_176;
    private static final long IDLE_NS = 10_000;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final double LATE_SHARE = 0.02;
    private static final double STALL_SHARE = 0.1; // one stall at the end of an interval is not a lack of speed
    private static final double STALL_LEAST_NS = 5e6;
    private static final double STALL_MOST_NS = 1e8;
    private static final double HOPELESS_SHARE = 0.1;
    private static final long HOPELESS_LEAST_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAG_MAX_NS = TimeUnit.SECONDS.toNanos(60);

    private final TrackedArena arena = TrackedArena.shared();
    private final Traffic traffic;
    private final Schedule schedule;
    private final LinkSealer sealer;
    private final LinkOpener opener;
    private final DatagramBatch outbound;
    private final DatagramBatch inbound;
    private final int[] senders = new int[BATCH];
    private final long[] sentNs;
    private final long[] receivedNs;
    private final byte[] links;
    private final long[] opened = new long[BATCH];
    private List<Neighbour> neighbours = List.of();
    private Histogram lag = new Histogram(1, LAG_MAX_NS, 3);
    private double rate;
    private int first;
    private long start;
    private long polledNs;
    private long lastReceivedNs;
    private boolean behind;
    private int sent;
    private int received;
    private int duplicates;
    private int unknown;
    private int refused;
    private long busyNs;

    /**
     * Joins the parts.
     *
     * @param traffic stays the caller's.
     * @param schedule of as many packets.
     */
    Generator(BatchCrypto crypto, Traffic traffic, Schedule schedule) {
        this.traffic = traffic;
        this.schedule = schedule;
        final MemorySegment memory = arena.allocate(2L * BATCH * STRIDE, 64);
        sealer = new LinkSealer(arena, crypto, memory, BATCH);
        opener = new LinkOpener(arena, crypto, memory, BATCH);
        outbound = new DatagramBatch(memory, BATCH);
        inbound = new DatagramBatch(memory, BATCH);
        for (int i = 0; i < BATCH; i++) {
            outbound.frame(i, (long) i * STRIDE + 64 - LinkFrame.HEADER_LENGTH, LinkFrame.FRAME_LENGTH);
        }
        sentNs = new long[traffic.count()];
        receivedNs = new long[traffic.count()];
        links = new byte[traffic.count()];
    }

    /** The subject's end of the links. */
    @FunctionalInterface
    interface FarEnd {
        /** Whether all links are up there too: the end that begins a handshake has the keys before the other one. */
        boolean hasAllLinks() throws IOException;
    }

    /**
     * Waits until all links are up at both ends.
     *
     * @param hood the subject's neighbours, in the order in which it knows them; stay the caller's.
     * @param subject asked once all links are up here.
     * @throws IOException if one is not, after 30 s.
     */
    void connect(List<Neighbour> hood, FarEnd subject) throws IOException {
        neighbours = hood;
        final long began = System.nanoTime();
        while (!neighbours.stream().allMatch(each -> each.link().isUp()) || !subject.hasAllLinks()) {
            final long now = System.nanoTime();
            if (now - began > PATIENCE_NS) {
                throw new IOException("a link with the subject did not come up");
            }
            poll(now);
            receive();
            LockSupport.parkNanos(IDLE_NS);
        }
    }

    /**
     * Sends {@code count} packets at {@code rate}, and gives up once it is {@value #HOPELESS_SHARE} of the whole time
     * behind: such an interval has failed whatever comes.
     *
     * @param rate packets a second.
     * @param first number of the first packet.
     * @param count 1 to {@link Traffic#count()} less {@code first}.
     * @param startNs when the first is due.
     */
    void send(double rate, int first, int count, long startNs) {
        this.rate = rate;
        this.first = first;
        Arrays.fill(receivedNs, 0);
        received = 0;
        duplicates = 0;
        unknown = 0;
        refused = 0;
        busyNs = 0;
        lag = new Histogram(1, LAG_MAX_NS, 3);
        start = startNs;
        final long wholeNs = schedule.offsetNs(first, first + count - 1, rate);
        final long hopelessNs = (long) (HOPELESS_SHARE * wholeNs) + HOPELESS_LEAST_NS;
        sent = 0;
        int due = 0;
        long now = System.nanoTime();
        while (sent < count && now - dueNs(sent) < hopelessNs) {
            while (due < count && dueNs(due) <= now) {
                due++;
            }
            final int taken = sent < due ? offer(sent, Math.min(due - sent, BATCH)) : 0;
            for (int i = sent; i < sent + taken; i++) {
                lag.recordValue(Math.clamp(now - dueNs(i), 0, LAG_MAX_NS));
            }
            sent += taken;
            final boolean idle = receive() + taken == 0;
            final long began = now;
            now = System.nanoTime();
            if (idle) {
                LockSupport.parkNanos(IDLE_NS);
                now = System.nanoTime();
            } else {
                busyNs += now - began;
            }
            if (now - polledNs >= POLL_NS) {
                poll(now);
            }
        }
        final double stallNs = Math.clamp(STALL_SHARE * wholeNs, STALL_LEAST_NS, STALL_MOST_NS);
        behind = sent < count || now - start > wholeNs * (1 + LATE_SHARE) + stallNs;
    }

    /**
     * Takes returning packets, until all are back or none came for {@code quietNs}.
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
            poll(now);
        }
        return sent - received;
    }

    /**
     * When the first packets of the key epochs after the first are due, in nanoseconds from the start of an interval.
     *
     * @param packets says for which epoch a packet is.
     */
    List<Long> rolls(Traffic packets, double itsRate, int from, int count) {
        final List<Long> rolls = new ArrayList<>();
        for (int number = from + 1; number < from + count; number++) {
            if (packets.epoch(number) != packets.epoch(number - 1)) {
                rolls.add(schedule.offsetNs(from, number, itsRate));
            }
        }
        return rolls;
    }

    /** Results of the sent packets, as far as known. */
    Load load() {
        return new Load(
                rate,
                schedule,
                first,
                start,
                sent,
                received,
                duplicates,
                unknown,
                Arrays.copyOfRange(sentNs, first, first + sent),
                Arrays.copyOfRange(receivedNs, first, first + sent),
                Arrays.copyOfRange(links, first, first + sent),
                lag,
                behind,
                refused,
                busyNs);
    }

    @Override
    public void close() {
        arena.close();
    }

    private long dueNs(int index) {
        return start + schedule.offsetNs(first, first + index, rate);
    }

    private void poll(long nowNs) {
        polledNs = nowNs;
        for (int i = 0; i < neighbours.size(); i++) {
            neighbours.get(i).poll(nowNs);
        }
    }

    /** Sends packets in the order in which they are due, those of one neighbour that follow each other at once. */
    private int offer(int from, int count) {
        int ready = 0;
        while (ready < count) {
            final int number = first + from + ready;
            final long position = outbound.position(ready);
            senders[ready] = traffic.sender(number);
            traffic.copyTo(number, outbound.memory(), position + LinkFrame.HEADER_LENGTH);
            if (!sealer.add(position, neighbours.get(senders[ready]).link(), traffic.epoch(number))) {
                break; // the link's next key is not there yet
            }
            ready++;
        }
        sealer.seal();
        final long now = System.nanoTime();
        int done = 0;
        while (done < ready) {
            int run = 1;
            while (done + run < ready && senders[done + run] == senders[done]) {
                run++;
            }
            final int taken = neighbours.get(senders[done]).carrier().send(0, outbound, done, run);
            Arrays.fill(sentNs, first + from + done, first + from + done + taken, now);
            done += taken;
            if (taken < run) {
                break;
            }
        }
        refused += count - done;
        return done;
    }

    private int receive() {
        int count = 0;
        for (int i = 0; i < neighbours.size(); i++) {
            count += receive(i, neighbours.get(i));
        }
        return count;
    }

    private int receive(int link, Neighbour neighbour) {
        for (int i = 0; i < BATCH; i++) {
            inbound.room(i, (long) (BATCH + i) * STRIDE + 64 - LinkFrame.HEADER_LENGTH);
        }
        final long now = System.nanoTime();
        final int count = neighbour.receive(inbound, BATCH, STRIDE - 64, now);
        if (count == 0) {
            return 0;
        }
        // Later than the system call, and different for each packet, in their order.
        lastReceivedNs = Math.max(System.nanoTime(), lastReceivedNs + 1);
        int added = 0;
        for (int i = 0; i < count; i++) {
            if (opener.add(inbound.position(i), inbound.length(i), neighbour.link(), true) == FrameStatus.OK) {
                opened[added++] = inbound.position(i);
            } else {
                unknown++;
            }
        }
        opener.open();
        for (int frame = 0; frame < added; frame++) {
            take(frame, opened[frame], link, neighbour);
        }
        return count;
    }

    private void take(int frame, long position, int link, Neighbour neighbour) {
        final int number =
                opener.status(frame) == FrameStatus.OK && neighbour.link().accept(opener.counter(frame))
                        ? traffic.number(inbound.memory().get(JAVA_LONG_UNALIGNED, position + LinkFrame.HEADER_LENGTH))
                        : Traffic.ABSENT;
        if (number == Traffic.ABSENT) {
            unknown++;
        } else if (receivedNs[number] != 0) {
            duplicates++;
        } else {
            receivedNs[number] = lastReceivedNs++;
            links[number] = (byte) link;
            received++;
        }
    }
}
