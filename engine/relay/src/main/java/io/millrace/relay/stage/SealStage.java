package io.millrace.relay.stage;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkSealer;
import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.live.EnginePeers;
import io.millrace.relay.live.WaitingCounts;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.trace.StallWatch;
import io.millrace.relay.trace.WheelLagEvent;
import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.wheel.DelayWheel;
import java.lang.foreign.Arena;

/**
 * The last stage of the engine thread: takes due packets from the wheel, hands the relay's own packets and those of
 * direct peers to the application, seals the others for their links and queues them for the I/O thread.
 *
 * <p>Reads: {@code egressPeer}, {@code egressEpoch}, {@code keyEpoch}. Writes: {@code sealedNs} and the link frame
 * around the packet. A packet whose peer has no room left is dropped before it is sealed; no peer's queue holds back
 * another's.
 */
public final class SealStage {
    private final Slab slab;
    private final SlotFields fields;
    private final PacketCompletion ends;
    private final NanoClock clock;
    private final DelayWheel wheel;
    private final WaitingCounts waiting;
    private final EnginePeers neighbours;
    private final LinkSealer sealer;
    private final Callbacks callbacks;
    private final SphinxGeometry geometry;
    private final SlotDelivery delivery;
    private final PacketViews views;
    private final int[] planned;
    private final int[] due;
    private final PacketBatch sealing;
    private final StallWatch watch = new StallWatch(new WheelLagEvent());

    public SealStage(
            Arena arena,
            StageContext context,
            BatchCrypto crypto,
            SphinxGeometry geometry,
            DelayWheel wheel,
            WaitingCounts waiting,
            EnginePeers neighbours) {
        this.slab = context.slab();
        this.fields = context.fields();
        this.ends = context.ends();
        this.clock = context.clock();
        this.wheel = wheel;
        this.waiting = waiting;
        this.neighbours = neighbours;
        this.sealer = new LinkSealer(arena, crypto, slab.segment(), context.batchLimit());
        this.callbacks = context.callbacks();
        this.geometry = geometry;
        this.delivery = new SlotDelivery(arena, slab.segment(), geometry);
        this.views = new PacketViews(slab, geometry.packetLength(), true);
        this.planned = new int[neighbours.limit()];
        this.due = new int[context.batchLimit()];
        this.sealing = new PacketBatch(context.batchLimit());
    }

    /** Sends packets that are due at {@code nowNs}, one batch at most, and originated ones; returns how many. */
    public int poll(long nowNs) {
        watch.round();
        final int count = wheel.poll(nowNs, due, due.length);
        for (int i = 0; i < count; i++) {
            final int slot = due[i];
            assert slab.transfer(slot, SlotOwner.WHEEL, SlotOwner.ENGINE);
            final long at = slab.position(slot);
            waiting.left(fields.keyEpoch(at), fields.egressPeer(at));
            depart(slot, nowNs);
        }
        seal();
        return count;
    }

    /** The thread has slept since the last poll, no longer than it meant to. */
    public void slept() {
        watch.rest();
    }

    /** How long a poll would find nothing due, in nanoseconds. */
    public long waitNs() {
        return wheel.waitNs(clock.nanoTime());
    }

    /** Takes a packet that the application wrapped: no delay, straight to its first hop. */
    public void originate(int slot) {
        ends.originated();
        final long now = clock.nanoTime();
        final long at = slab.position(slot);
        fields.gatedNs(at, now);
        fields.dueNs(at, now);
        depart(slot, now);
    }

    /** Drops everything that waits on the wheel; sends nothing. */
    public void shutDown() {
        for (int count = wheel.drainAll(due, due.length); count > 0; count = wheel.drainAll(due, due.length)) {
            for (int i = 0; i < count; i++) {
                final long at = slab.position(due[i]);
                waiting.left(fields.keyEpoch(at), fields.egressPeer(at));
                ends.drop(due[i], SlotOwner.WHEEL, Verdict.SHUTDOWN);
            }
        }
        for (int i = 0; i < sealing.count; i++) {
            ends.drop(sealing.slots[i], SlotOwner.ENGINE, Verdict.SHUTDOWN);
        }
        sealing.count = 0;
    }

    private void depart(int slot, long nowNs) {
        final long at = slab.position(slot);
        final int peer = fields.egressPeer(at);
        if (peer == EnginePeers.LOCAL) {
            deliver(slot, at, nowNs);
            return;
        }
        if (!neighbours.isPresent(peer)) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.LINK_DOWN);
            return;
        }
        final Link link = neighbours.link(peer);
        if (link == null) {
            handOver(slot, at, peer, nowNs);
        } else if (!link.isUp()) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.LINK_DOWN);
        } else if (!neighbours.queue(peer).hasRoom(planned[peer] + 1)) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.EGRESS_FULL);
        } else if (!sealer.add(slab.bodyPosition(slot) - LinkFrame.HEADER_LENGTH, link, fields.egressEpoch(at))) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.LINK_EXHAUSTED);
        } else {
            planned[peer]++;
            sealing.add(slot);
            if (sealing.isFull()) {
                seal();
            }
        }
    }

    private void seal() {
        if (sealer.seal() == 0) {
            return;
        }
        final long now = clock.nanoTime();
        for (int i = 0; i < sealing.count; i++) {
            final int slot = sealing.slots[i];
            final long at = slab.position(slot);
            final int peer = fields.egressPeer(at);
            fields.sealedNs(at, now);
            assert slab.transfer(slot, SlotOwner.ENGINE, SlotOwner.EGRESS);
            neighbours.queue(peer).add(slot);
        }
        sealing.count = 0;
        // Once a slot is shown it is the I/O thread's: from here on only the peers are looked at.
        for (int peer = 0; peer < planned.length; peer++) {
            if (planned[peer] != 0) {
                planned[peer] = 0;
                neighbours.queue(peer).publish();
            }
        }
    }

    private void handOver(int slot, long at, int peer, long nowNs) {
        fields.sealedNs(at, nowNs);
        if (callbacks.forward(peer, views.packet(slot))) {
            ends.forwarded(slot, SlotOwner.ENGINE, nowNs);
        } else {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.REFUSED);
        }
    }

    private void deliver(int slot, long at, long nowNs) {
        fields.sealedNs(at, nowNs);
        final int command = fields.command(at);
        // A reply is the whole delta, for the creator of the SURB; any other payload has its prefix before it.
        final int offset = command == CommandType.SURB_REPLY.code() ? 0 : SphinxGeometry.PAYLOAD_OFFSET;
        delivery.begin(
                slab.bodyPosition(slot) + geometry.deltaOffset() + offset,
                fields.length(at),
                command,
                fields.nextLow(at),
                fields.nextHigh(at));
        if (callbacks.deliver(delivery)) {
            ends.delivered(slot, SlotOwner.ENGINE, nowNs);
        } else {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.REFUSED);
        }
    }
}
