package io.millrace.relay;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.FrameBatch;
import io.millrace.htx.LinkFrame;
import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.metrics.NanoClock;

/**
 * The I/O duty: receives frames from the carrier straight into slots and hands them to the engine, and sends what waits
 * for each peer, a bounded share per peer and round.
 *
 * <p>It always holds a batch of slots as room for frames. A frame that finds no slot to replace its room, or no room in
 * the ring, is dropped and counted, and its slot receives the next one: a flood costs the engine nothing.
 */
final class IoAgent implements Agent {
    private static final int SHARE = 64;

    /** One byte more than a frame, so that a longer datagram is seen to be longer. */
    private static final int ROOM_LENGTH = LinkFrame.FRAME_LENGTH + 1;

    private final Carrier carrier;
    private final Slab slab;
    private final SlotFields fields;
    private final Ingress ingress;
    private final Neighbours neighbours;
    private final PacketEnds ends;
    private final NanoClock clock;
    private final FrameBatch inbound;
    private final FrameBatch outbound;
    private final int[] rooms;
    private final int[] fresh;
    private final int[] arrived;
    private int firstPeer;
    private volatile boolean receiving = true;
    private volatile boolean quiet;

    IoAgent(StageContext context, Carrier carrier, Ingress ingress, Neighbours neighbours) {
        this.carrier = carrier;
        this.slab = context.slab();
        this.fields = context.fields();
        this.ingress = ingress;
        this.neighbours = neighbours;
        this.ends = context.ends();
        this.clock = context.clock();
        final int batchLimit = context.batchLimit();
        this.inbound = new FrameBatch(slab.segment(), batchLimit);
        this.outbound = new FrameBatch(slab.segment(), SHARE);
        this.rooms = new int[batchLimit];
        this.fresh = new int[batchLimit];
        this.arrived = new int[batchLimit];
        final int held = slab.acquire(rooms, 0, batchLimit, SlotOwner.CARRIER);
        if (held != batchLimit) {
            throw new AssertionError("a new slab has fewer slots than a batch: held=" + held);
        }
        for (int i = 0; i < batchLimit; i++) {
            inbound.room(i, framePosition(rooms[i]));
        }
    }

    @Override
    public String role() {
        return "io";
    }

    @Override
    public int doWork() {
        int work = send();
        if (receiving) {
            work += receive();
        } else if (!quiet) {
            quiet = true;
        }
        ends.flush();
        return work;
    }

    /** Takes no more frames from the carrier; any thread. */
    void stopReceiving() {
        receiving = false;
    }

    /** Whether it has received its last frame. */
    boolean isQuiet() {
        return quiet;
    }

    @Override
    public void shutDown() {
        for (int peer = 0; peer < neighbours.count(); peer++) {
            final EgressQueue queue = neighbours.queue(peer);
            final int waiting = queue.size();
            for (int i = 0; i < waiting; i++) {
                ends.drop(queue.peek(i), SlotOwner.EGRESS, Verdict.SHUTDOWN);
            }
            queue.remove(waiting);
        }
        ends.flush();
        slab.release(rooms, 0, rooms.length, SlotOwner.CARRIER);
    }

    private int receive() {
        final int count = carrier.receive(inbound, rooms.length, ROOM_LENGTH);
        if (count == 0) {
            return 0;
        }
        final long now = clock.nanoTime();
        final int replaced = slab.acquire(fresh, 0, count, SlotOwner.CARRIER);
        ends.received(count);
        for (int i = 0; i < count; i++) {
            final int slot = rooms[i];
            final long at = slab.position(slot);
            fields.ingressPeer(at, inbound.peer(i));
            if (i < replaced) {
                fields.arrivedNs(at, now);
                fields.length(at, inbound.length(i));
                fields.kind(at, RelayEvent.FRAME);
                assert slab.transfer(slot, SlotOwner.CARRIER, SlotOwner.ENGINE);
                arrived[i] = slot;
                rooms[i] = fresh[i];
                inbound.room(i, framePosition(fresh[i]));
            } else {
                ends.dropKeepingSlot(slot, Verdict.SLAB_FULL);
                ends.slotKept();
            }
        }
        // Visible before the engine can count what becomes of them.
        ends.flush();
        final int accepted = ingress.accept(arrived, replaced);
        for (int i = accepted; i < replaced; i++) {
            ends.drop(arrived[i], SlotOwner.ENGINE, Verdict.RING_FULL);
        }
        return count;
    }

    private int send() {
        int work = 0;
        final int count = neighbours.count();
        for (int i = 0; i < count; i++) {
            final int peer = firstPeer + i < count ? firstPeer + i : firstPeer + i - count;
            work += send(peer, neighbours.queue(peer));
        }
        firstPeer = firstPeer + 1 < count ? firstPeer + 1 : 0;
        return work;
    }

    private int send(int peer, EgressQueue queue) {
        final int count = Math.min(queue.size(), SHARE);
        if (count == 0) {
            return 0;
        }
        for (int i = 0; i < count; i++) {
            outbound.frame(i, framePosition(queue.peek(i)), LinkFrame.FRAME_LENGTH);
        }
        final int taken = carrier.send(peer, outbound, 0, count);
        if (taken == 0) {
            return 0;
        }
        final long now = clock.nanoTime();
        for (int i = 0; i < taken; i++) {
            ends.forwarded(queue.peek(i), SlotOwner.EGRESS, now);
        }
        queue.remove(taken);
        return taken;
    }

    private long framePosition(int slot) {
        return slab.bodyPosition(slot) - LinkFrame.HEADER_LENGTH;
    }
}
