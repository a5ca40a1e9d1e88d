package io.millrace.rig.bed;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.FrameStatus;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkOpener;
import io.millrace.link.LinkSealer;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.rig.judge.Passages;
import io.millrace.sphinx.SphinxGeometry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/**
 * All neighbours of the relay under test: they send each packet when it is due, and note when each arrives at the relay and
 * when it leaves. Every frame that comes out is opened, to see which packet it carries.
 *
 * <p>Threading: the engine's I/O thread, but for {@link #delivered}, which is the thread's that delivers, and
 * {@link #left()}.
 */
final class PacedNeighbours implements Carrier {
    private static final int BATCH = 64;
    private static final long FRAME_POSITION = 64L - LinkFrame.HEADER_LENGTH;
    private static final int NO_LINK = -1;

    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment memory = arena.allocate(128L + SphinxGeometry.MR1.packetLength(), 64);
    private final BatchCrypto crypto;
    private final PreparedPackets packets;
    private final AlphaIndex leaving;
    private final long[] dueNs;
    private final int epochs;
    private final List<Link> links;
    private final LinkOpener opener;
    private final long[] arrivedNs;
    private final long[] leftNs;
    private final int[] leftOver;
    private final AtomicInteger left = new AtomicInteger();
    private LinkSealer sealer;
    private RelayEngine engine;
    private LongFunction<SphinxEpoch> keyEpochs;
    private long startNs;
    private long lastLeftNs;
    private int next;

    /**
     * Makes neighbours.
     *
     * @param dueNs when each packet is due, from the first call of {@link #receive}; ascending.
     * @param epochs key epochs, of equally many packets.
     */
    PacedNeighbours(
            BenchFixture bed,
            BatchCrypto crypto,
            PreparedPackets packets,
            AlphaIndex leaving,
            long[] dueNs,
            int epochs) {
        this.crypto = crypto;
        this.packets = packets;
        this.leaving = leaving;
        this.dueNs = dueNs;
        this.epochs = epochs;
        this.links = bed.neighbourLinks();
        this.opener = new LinkOpener(arena, crypto, memory, 1);
        this.arrivedNs = new long[dueNs.length];
        this.leftNs = new long[dueNs.length];
        this.leftOver = new int[dueNs.length];
    }

    /** Names the engine under test, before it starts, and what makes its next key epochs. */
    void engine(RelayEngine itsEngine, LongFunction<SphinxEpoch> itsKeyEpochs) {
        engine = itsEngine;
        keyEpochs = itsKeyEpochs;
    }

    /** Packets that have left so far; any thread. */
    int left() {
        return left.get();
    }

    /** Notes that packet {@code number} was delivered to the relay's application. */
    void delivered(long number) {
        if (number >= 0 && number < leftNs.length && leftNs[(int) number] == 0) {
            leftNs[(int) number] = System.nanoTime();
            leftOver[(int) number] = NO_LINK;
            left.incrementAndGet();
        }
    }

    /** The packets that left; once the engine has stopped. */
    Passages passages(long[] delaysNs) {
        final int[] gone = java.util.stream.IntStream.range(0, leftNs.length)
                .filter(number -> leftNs[number] != 0)
                .toArray();
        return Passages.of(
                picked(arrivedNs, gone),
                picked(leftNs, gone),
                picked(delaysNs, gone),
                Arrays.stream(gone).map(number -> leftOver[number]).toArray());
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        final long now = System.nanoTime();
        if (sealer == null) {
            sealer = new LinkSealer(arena, crypto, frames.memory(), BATCH);
            startNs = now;
        }
        int count = 0;
        while (count < Math.min(limit, BATCH) && next < dueNs.length && startNs + dueNs[next] <= now) {
            final int epoch = DepartureRun.epochOf(next, dueNs.length, epochs);
            if (next > 0 && epoch != DepartureRun.epochOf(next - 1, dueNs.length, epochs)) {
                engine.rollKeyEpoch(keyEpochs.apply(epoch));
            }
            final int sender = PreparedSphinxPackets.Route.sender(next, links.size());
            final long position = frames.position(count);
            packets.copyTo(next, frames.memory(), position + LinkFrame.HEADER_LENGTH);
            if (!sealer.add(position, links.get(sender), epoch)) {
                throw new AssertionError("the link's counters are used up");
            }
            frames.filled(count++, LinkFrame.FRAME_LENGTH, sender);
            arrivedNs[next++] = now;
        }
        sealer.seal();
        return count;
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        lastLeftNs = Math.max(System.nanoTime(), lastLeftNs + 1);
        for (int i = from; i < from + count; i++) {
            MemorySegment.copy(frames.memory(), frames.position(i), memory, FRAME_POSITION, frames.length(i));
            final boolean added =
                    opener.add(FRAME_POSITION, frames.length(i), links.get(peer), false) == FrameStatus.OK;
            opener.open();
            if (added && opener.status(0) == FrameStatus.OK) {
                left(peer, leaving.number(memory.get(JAVA_LONG_UNALIGNED, FRAME_POSITION + LinkFrame.HEADER_LENGTH)));
            }
        }
        return count;
    }

    @Override
    public boolean isClosedLoop() {
        return true;
    }

    @Override
    public long receiveErrors() {
        return 0;
    }

    @Override
    public long sendErrors() {
        return 0;
    }

    @Override
    public void close() {
        links.forEach(Link::close);
        arena.close();
    }

    private void left(int peer, int number) {
        if (number != AlphaIndex.ABSENT && leftNs[number] == 0) {
            leftNs[number] = lastLeftNs++;
            leftOver[number] = peer;
            left.incrementAndGet();
        }
    }

    private static long[] picked(long[] values, int[] numbers) {
        return Arrays.stream(numbers).mapToLong(number -> values[number]).toArray();
    }
}
