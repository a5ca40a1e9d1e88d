package io.millrace.relay.stage;

import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.metrics.Ledger;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.LatencyRecorder;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.queue.RelayEvent;
import io.millrace.relay.receipts.PacketReceipts;
import io.millrace.relay.trace.DropsWatch;
import io.millrace.relay.trace.PacketPathEvent;

/**
 * Where packets end: counts the verdict, records the stage clock, tells the application and gives the slot back. One per
 * engine thread; its counts become visible with {@link #flush()}, once per round.
 */
public final class PacketCompletion {
    /** While something records, one packet in this many is in the recording: no divisor of a batch's size. */
    public static final int SAMPLE_EACH = 7;

    private final Slab slab;
    private final SlotFields fields;
    private final Ledger.Writer ledger;
    private final LatencyRecorder stages;
    private final Callbacks callbacks;
    private final DropNotices notices; // null: this thread tells the application itself
    private final PacketReceipts receipts; // null: none are made
    private final PacketPathEvent path = new PacketPathEvent();
    private final DropsWatch drops = new DropsWatch();
    private final int[] ended;
    private boolean sampling; // as of the last flush
    private boolean watching; // drops; as of the last flush
    private int untilSample = SAMPLE_EACH;
    private int endedCount;

    public PacketCompletion(
            Slab slab,
            SlotFields fields,
            Ledger.Writer ledger,
            LatencyRecorder stages,
            Callbacks callbacks,
            DropNotices notices,
            PacketReceipts receipts) {
        this.slab = slab;
        this.fields = fields;
        this.ledger = ledger;
        this.stages = stages;
        this.callbacks = callbacks;
        this.notices = notices;
        this.receipts = receipts;
        this.ended = new int[256];
    }

    /** Counts {@code count} packets that came in from outside and each took up a slot. */
    public void received(int count) {
        ledger.add(CounterIndex.RECEIVED, count);
        ledger.add(CounterIndex.SLOTS_TAKEN, count);
    }

    /** Counts a packet that the application wrapped and that took up a slot. */
    void originated() {
        ledger.add(CounterIndex.ORIGINATED, 1);
        ledger.add(CounterIndex.SLOTS_TAKEN, 1);
    }

    /** Ends a packet without a way out. */
    public void drop(int slot, SlotOwner owner, Verdict verdict) {
        dropKeepingSlot(slot, verdict);
        giveBack(slot, owner);
    }

    /** Ends a packet whose slot the I/O thread keeps as room for the next one. */
    public void dropKeepingSlot(int slot, Verdict verdict) {
        final long at = slab.position(slot);
        fields.verdict(at, verdict);
        ledger.add(verdict.code(), 1);
        if (verdict == Verdict.COVER && receipts != null) {
            // As a delivery would: receipts do not separate payload from cover.
            receipts.ended(fields.delayTagLow(at), fields.delayTagHigh(at), fields.peeledNs(at));
        }
        if (notices == null) {
            callbacks.drop(verdict, fields.ingressPeer(at));
        } else {
            notices.add(verdict, fields.ingressPeer(at));
        }
        if (watching) {
            drops.dropped(verdict);
        }
    }

    /** Counts a slot whose packet has ended while another object keeps the slot. */
    public void slotKept() {
        ledger.add(CounterIndex.SLOTS_GIVEN_BACK, 1);
    }

    /** Ends a packet that left for its next hop at {@code leftNs}. */
    public void forwarded(int slot, SlotOwner owner, long leftNs) {
        final long at = slab.position(slot);
        if (receipts != null && fields.kind(at) != RelayEvent.ORIGINATED) {
            receipts.forwarded(fields.egressPeer(at), fields.delayTagLow(at), fields.delayTagHigh(at), leftNs);
        }
        left(slot, owner, Verdict.FORWARDED, leftNs);
    }

    /** Ends a packet that the application took at {@code leftNs}. */
    void delivered(int slot, SlotOwner owner, long leftNs) {
        final long at = slab.position(slot);
        if (receipts != null) {
            receipts.ended(fields.delayTagLow(at), fields.delayTagHigh(at), leftNs);
        }
        left(slot, owner, Verdict.DELIVERED, leftNs);
    }

    /** As {@link #flush()}, and tells all that else waits for its time: nothing will end any more. */
    public void finish() {
        if (receipts != null) {
            receipts.finish();
        }
        flush();
        drops.write();
    }

    /** Publishes the counts, offers receipts and gives the slots back. */
    public void flush() {
        if (receipts != null) {
            receipts.flush();
        }
        ledger.commit();
        if (notices != null) {
            notices.flush();
        }
        sampling = path.isEnabled();
        watching = drops.isEnabled();
        drops.flush();
        slab.release(ended, 0, endedCount, SlotOwner.ENGINE);
        endedCount = 0;
    }

    private void left(int slot, SlotOwner owner, Verdict verdict, long leftNs) {
        final long at = slab.position(slot);
        fields.verdict(at, verdict);
        ledger.add(verdict.code(), 1);
        if (fields.kind(at) != RelayEvent.ORIGINATED) {
            record(at, leftNs);
        }
        giveBack(slot, owner);
    }

    private void record(long at, long leftNs) {
        final long taken = fields.takenNs(at);
        final long opened = fields.openedNs(at);
        final long peeled = fields.peeledNs(at);
        final long gated = fields.gatedNs(at);
        final long due = fields.dueNs(at);
        final long sealed = fields.sealedNs(at);
        final long arrived = fields.arrivedNs(at);
        stages.record(Latency.QUEUE.index(), taken - arrived);
        stages.record(Latency.OPEN.index(), opened - taken);
        stages.record(Latency.PEEL.index(), peeled - opened);
        stages.record(Latency.ROUTE.index(), gated - peeled);
        stages.record(Latency.SEAL.index(), sealed - due);
        stages.record(Latency.EGRESS.index(), leftNs - sealed);
        stages.record(Latency.RELAY.index(), leftNs - arrived - (due - gated));
        stages.record(Latency.DELAY_ERROR.index(), leftNs - due);
        if (sampling && --untilSample == 0) {
            untilSample = SAMPLE_EACH;
            sample(at, leftNs);
        }
    }

    private void sample(long at, long leftNs) {
        final long due = fields.dueNs(at);
        path.queueNs = fields.takenNs(at) - fields.arrivedNs(at);
        path.openNs = fields.openedNs(at) - fields.takenNs(at);
        path.peelNs = fields.peeledNs(at) - fields.openedNs(at);
        path.routeNs = fields.gatedNs(at) - fields.peeledNs(at);
        path.delayNs = due - fields.gatedNs(at);
        path.sealNs = fields.sealedNs(at) - due;
        path.egressNs = leftNs - fields.sealedNs(at);
        path.relayNs = leftNs - fields.arrivedNs(at) - path.delayNs;
        path.begin(); // its time: a reused event would keep that of the packet before
        path.commit();
    }

    private void giveBack(int slot, SlotOwner owner) {
        assert slab.transfer(slot, owner, SlotOwner.ENGINE);
        ledger.add(CounterIndex.SLOTS_GIVEN_BACK, 1);
        if (endedCount == ended.length) {
            flush();
        }
        ended[endedCount++] = slot;
    }
}
