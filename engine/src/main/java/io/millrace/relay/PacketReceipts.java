package io.millrace.relay;

import io.millrace.crypto.HeapSha256;
import io.millrace.crypto.Sha256;
import io.millrace.metrics.NanoClock;
import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/**
 * One engine thread's receipts for packets: one for each run of packets that left for the same neighbour, or were
 * delivered here. A run ends with its {@value #MAX_RUN}th packet, and all end together when the clock passes a multiple of
 * {@code 2^}{@value #PERIOD_SHIFT} ns: the same instant for all threads, so that their receipts make one batch, whose cost is a signature and
 * a wake-up whatever is in it. The digest is SHA-256 over the delay tags, 16 bytes each in the order in which the packets
 * left: who holds the tags can show that a packet was among them, and nobody else learns which.
 *
 * <p>Belongs to that thread; allocates nothing.
 */
final class PacketReceipts {
    /** Most packets of a receipt. */
    static final int MAX_RUN = 512;

    /** Binary logarithm of the period in nanoseconds: 8.4 ms, less than the group commit waits. */
    static final int PERIOD_SHIFT = 23;

    private static final int TAG_LENGTH = 16;
    private static final VarHandle LE_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final ReceiptSink sink;
    private final NanoClock clock;
    private final boolean forwarded;
    private final boolean custody;
    private final ReceiptId[] actors; // by peer; the last one is the relay, for what was delivered here
    private final byte[][] tags; // by actor: the tags of its run
    private final int[] counts;
    private final long[] lastNs;
    private final int[] open; // actors with a run, in the order in which those began
    private final HeapSha256 sha256 = new HeapSha256();
    private final MemorySegment digest;
    private int openCount;
    private long period;

    /**
     * Offers to {@code sink}.
     *
     * @param operations which are wanted.
     * @param own id of the relay.
     * @param peers ids of its neighbours, by index.
     */
    PacketReceipts(
            Arena arena,
            ReceiptSink sink,
            NanoClock clock,
            Set<Operation> operations,
            ReceiptId own,
            List<ReceiptId> peers) {
        this.sink = sink;
        this.clock = clock;
        this.forwarded = operations.contains(Operation.FORWARDED);
        this.custody = operations.contains(Operation.CUSTODY);
        final int count = peers.size() + 1;
        this.actors = peers.toArray(new ReceiptId[count]);
        this.actors[count - 1] = own;
        this.tags = new byte[count][MAX_RUN * TAG_LENGTH];
        this.counts = new int[count];
        this.lastNs = new long[count];
        this.open = new int[count];
        this.digest = arena.allocate(Sha256.LENGTH, 64);
    }

    /** A packet left for a neighbour. */
    void forwarded(int toPeer, long tagLow, long tagHigh, long nowNs) {
        if (forwarded) {
            add(toPeer, tagLow, tagHigh, nowNs);
        }
    }

    /** A packet was delivered here. */
    void delivered(long tagLow, long tagHigh, long nowNs) {
        if (custody) {
            add(actors.length - 1, tagLow, tagHigh, nowNs);
        }
    }

    /** Offers the open runs if their time is over; once per round of the thread. */
    void flush() {
        if (openCount > 0 && clock.nanoTime() >> PERIOD_SHIFT != period) {
            finish();
        }
    }

    /** Offers the open runs. */
    void finish() {
        for (int i = 0; i < openCount; i++) {
            offer(open[i]);
        }
        openCount = 0;
    }

    private void add(int actor, long tagLow, long tagHigh, long nowNs) {
        final int count = counts[actor];
        if (count == 0) {
            begin(actor, nowNs);
        }
        LE_LONG.set(tags[actor], count * TAG_LENGTH, tagLow);
        LE_LONG.set(tags[actor], count * TAG_LENGTH + Long.BYTES, tagHigh);
        lastNs[actor] = nowNs;
        counts[actor] = count + 1;
        if (count + 1 == MAX_RUN) {
            finish();
        }
    }

    private void begin(int actor, long nowNs) {
        if (openCount == 0) {
            period = nowNs >> PERIOD_SHIFT;
        }
        open[openCount++] = actor;
    }

    private void offer(int actor) {
        final int count = counts[actor];
        counts[actor] = 0;
        sha256.hash(digest, 0, tags[actor], count * TAG_LENGTH);
        final Operation operation = actor == actors.length - 1 ? Operation.CUSTODY : Operation.FORWARDED;
        sink.offer(operation.code(), actors[actor].high(), actors[actor].low(), lastNs[actor], digest, 0, count);
    }
}
