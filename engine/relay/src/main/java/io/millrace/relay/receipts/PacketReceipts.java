package io.millrace.relay.receipts;

import io.millrace.metrics.NanoClock;
import io.millrace.receipt.Operation;
import io.millrace.receipt.PacketCommitter;
import io.millrace.receipt.ReceiptId;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * One engine thread's receipts for packets that left for a neighbour or ended here, cover included.
 *
 * <p>Receipts are made at the end of a period only, those of all neighbours together, and all threads end their periods at
 * the same instant. Each covers a multiple of the least number of packets; the packets beyond wait for the next period, and
 * at the end of the longest time all go. So a receipt tells neither when a packet left nor how many left in a short time.
 *
 * <p>The packets of a removed neighbour keep their run: they go at the end of the longest time, also when another neighbour
 * has the place by then.
 *
 * <p>A thread has a fixed number of runs. When all are in use, the full ones and those of removed neighbours are offered
 * before their period ends, with the time of the period's end; a packet without a run is counted as lost.
 *
 * <p>Belongs to that thread; allocates nothing.
 */
public final class PacketReceipts {
    /** Runs beyond one for each neighbour: 32,768 packets a period before receipts are offered early. */
    static final int SPARE_RUNS = 64;

    private final ReceiptSink sink;
    private final NanoClock clock;
    private final boolean forwarded;
    private final boolean custody;
    private final int least;
    private final int full;
    private final long periodNs;
    private final long longestNs;
    private final ReceiptId own;
    private final IntFunction<ReceiptId> peers;
    private final PacketRun[] open; // by peer; the last one is the relay, for packets that end here; null: none
    private final PacketRun[] runs;
    private final PacketRun[] waiting; // full, for the end of the period
    private int waitingCount;
    private final PacketRun[] left; // of removed neighbours, for the end of the longest time
    private int leftCount;
    private int next; // where to look for a free run
    private boolean some; // packets since the last end of a period, or left from before
    private long periodEndNs;
    private long longestEndNs;

    /**
     * Offers to {@code sink}.
     *
     * @param operations for which receipts are made.
     * @param own id of the relay.
     * @param peerLimit neighbours are numbered 0 to {@code peerLimit - 1}.
     * @param peers gives the id of a neighbour that is there, always the same object.
     */
    PacketReceipts(
            ReceiptSink sink,
            NanoClock clock,
            PacketReceiptOptions options,
            Set<Operation> operations,
            ReceiptId own,
            int peerLimit,
            IntFunction<ReceiptId> peers) {
        this.sink = sink;
        this.clock = clock;
        this.forwarded = operations.contains(Operation.FORWARDED);
        this.custody = operations.contains(Operation.CUSTODY);
        this.least = options.leastPackets();
        this.full = PacketCommitter.MAX_PACKETS - PacketCommitter.MAX_PACKETS % least;
        this.periodNs = options.period().toNanos();
        this.longestNs = options.longest().toNanos();
        final int count = peerLimit + 1;
        this.own = own;
        this.peers = peers;
        this.open = new PacketRun[count];
        this.runs = new PacketRun[2 * count + SPARE_RUNS];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = new PacketRun();
        }
        this.waiting = new PacketRun[runs.length];
        this.left = new PacketRun[runs.length];
    }

    /**
     * A packet left for a neighbour.
     *
     * @param toPeer number of the neighbour.
     * @param tagLow low half of the packet's delay tag.
     * @param tagHigh high half of the packet's delay tag.
     * @param nowNs by the engine's clock.
     */
    public void forwarded(int toPeer, long tagLow, long tagHigh, long nowNs) {
        if (forwarded) {
            add(toPeer, tagLow, tagHigh, nowNs);
        }
    }

    /**
     * A packet ended here: it was delivered, or was cover.
     *
     * @param tagLow low half of the packet's delay tag.
     * @param tagHigh high half of the packet's delay tag.
     * @param nowNs by the engine's clock.
     */
    public void ended(long tagLow, long tagHigh, long nowNs) {
        if (custody) {
            add(open.length - 1, tagLow, tagHigh, nowNs);
        }
    }

    /** Offers the runs whose time is over; once per round of the thread. */
    public void flush() {
        if (some) {
            end(clock.nanoTime());
        }
    }

    /** Offers all runs, however few packets they have: nothing follows. */
    public void finish() {
        if (some) {
            offerWaiting();
            offerAll();
            some = false;
        }
    }

    private void end(long nowNs) {
        if (nowNs < periodEndNs) {
            return;
        }
        offerWaiting();
        if (nowNs >= longestEndNs) {
            offerAll();
            some = false;
            return;
        }
        for (int actor = 0; actor < open.length; actor++) {
            offerMultiple(actor);
        }
        periodEndNs = endOf(nowNs, periodNs);
    }

    private void add(int actor, long tagLow, long tagHigh, long nowNs) {
        if (some) {
            end(nowNs);
        }
        if (!some) {
            some = true;
            periodEndNs = endOf(nowNs, periodNs);
            longestEndNs = endOf(nowNs, longestNs);
        }
        PacketRun run = open[actor];
        if (run != null && !run.actor.equals(id(actor))) {
            left[leftCount++] = run; // of the neighbour that had this place before
            run = null;
        }
        if (run == null) {
            run = take(actor);
            if (run == null) {
                sink.lost();
                return;
            }
            open[actor] = run;
        }
        run.add(tagLow, tagHigh);
        if (run.count == full) {
            waiting[waitingCount++] = run;
            open[actor] = null;
        }
    }

    /** A free run for an actor; offers the full ones first if there is none. Null if none is free then. */
    private PacketRun take(int actor) {
        PacketRun run = findFree(actor, id(actor));
        if (run == null && waitingCount > 0) {
            offerWaiting();
            run = findFree(actor, id(actor));
        }
        if (run == null && leftCount > 0) {
            offerLeft();
            run = findFree(actor, id(actor));
        }
        return run;
    }

    private PacketRun findFree(int actor, ReceiptId id) {
        final Operation operation = actor == open.length - 1 ? Operation.CUSTODY : Operation.FORWARDED;
        for (int i = 0; i < runs.length; i++) {
            final PacketRun run = runs[next];
            next = next + 1 == runs.length ? 0 : next + 1;
            if (run.take(actor, id, operation.code())) {
                return run;
            }
        }
        return null;
    }

    private void offerMultiple(int actor) {
        final PacketRun run = open[actor];
        final int rest = run == null ? 0 : run.count % least;
        if (run == null || run.count == rest) {
            return; // too few: they wait for more
        }
        open[actor] = null;
        if (rest > 0) {
            final PacketRun fresh = findFree(actor, run.actor);
            if (fresh == null) {
                open[actor] = run; // as a whole, in a later period
                return;
            }
            run.moveRest(run.count - rest, fresh);
            open[actor] = fresh;
        }
        offer(run);
    }

    private void offerWaiting() {
        // By actor and not by the time at which they became full.
        for (int actor = 0; actor < open.length; actor++) {
            for (int i = 0; i < waitingCount; i++) {
                if (waiting[i] != null && waiting[i].index == actor) {
                    offer(waiting[i]);
                    waiting[i] = null;
                }
            }
        }
        waitingCount = 0;
    }

    private void offerLeft() {
        for (int i = 0; i < leftCount; i++) {
            offer(left[i]);
            left[i] = null;
        }
        leftCount = 0;
    }

    private void offerAll() {
        offerLeft();
        for (int actor = 0; actor < open.length; actor++) {
            if (open[actor] != null) {
                offer(open[actor]);
                open[actor] = null;
            }
        }
    }

    private void offer(PacketRun run) {
        if (!sink.offer(run, periodEndNs, periodNs)) {
            run.free();
        }
    }

    private ReceiptId id(int actor) {
        return actor == open.length - 1 ? own : peers.apply(actor);
    }

    private static long endOf(long nowNs, long lengthNs) {
        return (Math.floorDiv(nowNs, lengthNs) + 1) * lengthNs;
    }
}
