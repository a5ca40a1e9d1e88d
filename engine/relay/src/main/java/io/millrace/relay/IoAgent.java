package io.millrace.relay;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.link.LinkFrame;
import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.live.EnginePeers;
import io.millrace.relay.live.LinkMessages;
import io.millrace.relay.live.Neighbour;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.queue.EgressQueue;
import io.millrace.relay.queue.EgressTrains;
import io.millrace.relay.queue.Ingress;
import io.millrace.relay.queue.RelayEvent;
import io.millrace.relay.stage.PacketCompletion;
import io.millrace.relay.stage.SlotFields;
import io.millrace.relay.stage.StageContext;
import io.millrace.relay.thread.Duty;
import io.millrace.relay.thread.QuiescentStateTracker;
import io.millrace.relay.trace.StallWatch;
import io.millrace.relay.trace.ThreadStallEvent;

/**
 * The I/O duty: receives frames from the carrier straight into slots and hands them to the engine, and sends what waits
 * for each peer, a bounded share per peer and round.
 *
 * <p>Under load, packets for a peer wait for others, so that they leave as one train: {@link EgressTrains} says how long.
 *
 * <p>It always holds a batch of slots as room for frames. A frame that finds no slot to replace its room, or no room in
 * the ring, is dropped and counted, and its slot receives the next one: a flood costs the engine nothing.
 */
final class IoAgent implements Duty {
    private static final int SHARE = 64;

    /** Longest sleep while the carrier takes no more packets. */
    private static final long SEND_AGAIN_NS = 1_000_000;

    /** One byte more than a frame, so that a longer datagram is seen to be longer. */
    private static final int ROOM_LENGTH = LinkFrame.FRAME_LENGTH + 1;

    private final QuiescentStateTracker.Round round;
    private final Carrier carrier;
    private final Slab slab;
    private final SlotFields fields;
    private final Ingress ingress;
    private final EnginePeers neighbours;
    private final LinkMessages messages;
    private final PacketCompletion ends;
    private final NanoClock clock;
    private final DatagramBatch inbound;
    private final DatagramBatch outbound;
    private final int[] rooms;
    private final int[] fresh;
    private final int[] arrived;
    private final int[] waiting;
    private final EgressTrains trains;
    private final StallWatch watch = new StallWatch(new ThreadStallEvent());
    private int firstPeer;
    private boolean movedPackets;
    private boolean unsent; // packets that the carrier did not take
    private volatile boolean receiving = true;
    private volatile boolean quiet;

    /**
     * Makes the agent.
     *
     * @param messages control messages; null if no link is handshaked.
     */
    IoAgent(
            StageContext context,
            QuiescentStateTracker.Round round,
            Carrier carrier,
            Ingress ingress,
            EnginePeers neighbours,
            LinkMessages messages) {
        this.round = round;
        this.carrier = carrier;
        this.slab = context.slab();
        this.fields = context.fields();
        this.ingress = ingress;
        this.neighbours = neighbours;
        this.messages = messages;
        this.ends = context.ends();
        this.clock = context.clock();
        final int batchLimit = context.batchLimit();
        this.inbound = new DatagramBatch(slab.segment(), batchLimit);
        this.outbound = new DatagramBatch(slab.segment(), SHARE);
        this.rooms = new int[batchLimit];
        this.fresh = new int[batchLimit];
        this.arrived = new int[batchLimit];
        this.waiting = new int[neighbours.limit()];
        this.trains =
                new EgressTrains(clock, carrier.gainsByTrains(), batchLimit, slab.slotCount(), neighbours.limit());
        final int held = slab.acquire(rooms, 0, batchLimit, SlotOwner.CARRIER);
        if (held != batchLimit) {
            throw new AssertionError("a new slab has fewer slots than a batch: held=" + held);
        }
        for (int i = 0; i < batchLimit; i++) {
            inbound.room(i, framePosition(rooms[i]));
        }
    }

    @Override
    public String roleName() {
        return "millrace-io";
    }

    @Override
    public int doWork() {
        round.begin();
        watch.round();
        movedPackets = false;
        unsent = false;
        int work = send();
        if (receiving) {
            final int frames = receive();
            trains.found(frames);
            work += frames;
        } else {
            trains.end();
            quiet = true;
        }
        ends.flush();
        return trains.isHolding() ? work + 1 : work; // what waits for others is work of the next round
    }

    @Override
    public boolean movedPackets() {
        return movedPackets;
    }

    /** No carrier says when it takes packets again. */
    @Override
    public long waitNs() {
        return unsent ? SEND_AGAIN_NS : Long.MAX_VALUE;
    }

    @Override
    public void slept() {
        watch.rest();
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
    public void onClose() {
        for (int peer = 0; peer < neighbours.limit(); peer++) {
            if (neighbours.at(peer) != null) {
                drop(neighbours.queue(peer), Verdict.SHUTDOWN);
            }
        }
        ends.finish();
        slab.release(rooms, 0, rooms.length, SlotOwner.CARRIER);
    }

    private int receive() {
        final int all = carrier.receive(inbound, rooms.length, ROOM_LENGTH);
        final int count = messages == null ? all : takeMessages(all);
        if (count == 0) {
            return all;
        }
        movedPackets = true;
        final long now = clock.nanoTime();
        final int replaced = slab.acquire(fresh, 0, count, SlotOwner.CARRIER);
        ends.received(count);
        for (int i = 0; i < count; i++) {
            final int slot = rooms[i];
            final long at = slab.position(slot);
            // The carrier numbers connections of strangers; the application sees them as one.
            fields.ingressPeer(at, Math.max(inbound.peer(i), PacketSource.UNKNOWN));
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
        return all;
    }

    /** Takes the messages out of a batch of frames; their rooms move behind the frames. Returns the number of frames. */
    private int takeMessages(int all) {
        int count = 0;
        for (int i = 0; i < all; i++) {
            if (messages.isMessage(inbound, i)) {
                messages.take(inbound, i);
            } else {
                if (i != count) {
                    inbound.swap(i, count);
                    final int room = rooms[i];
                    rooms[i] = rooms[count];
                    rooms[count] = room;
                }
                count++;
            }
        }
        return count;
    }

    /** Sends what waits, but for packets that are to wait for others. */
    private int send() {
        int work = 0;
        int all = 0;
        final int count = neighbours.count();
        // First what waits, then the messages, then the sending: a message that a frame's session rests on goes first.
        for (int peer = 0; peer < count; peer++) {
            final Neighbour neighbour = neighbours.at(peer);
            waiting[peer] = neighbour == null ? 0 : neighbour.queue().size();
            all += waiting[peer];
        }
        if (messages != null) {
            work += messages.exchange();
        }
        if (firstPeer >= count) {
            firstPeer = 0; // the last peers have gone
        }
        trains.begin(all);
        for (int i = 0; i < count; i++) {
            final int peer = firstPeer + i < count ? firstPeer + i : firstPeer + i - count;
            if (waiting[peer] > 0
                    && !trains.waits(peer, waiting[peer], neighbours.queue(peer).capacity())) {
                work += send(peer, neighbours.queue(peer));
            }
        }
        firstPeer = firstPeer + 1 < count ? firstPeer + 1 : 0;
        return work;
    }

    private int send(int peer, EgressQueue queue) {
        trains.leave(peer);
        if (!neighbours.link(peer).isUp()) {
            return drop(queue, Verdict.LINK_DOWN);
        }
        final int count = Math.min(waiting[peer], SHARE);
        for (int i = 0; i < count; i++) {
            outbound.frame(i, framePosition(queue.peek(i)), LinkFrame.FRAME_LENGTH);
        }
        final int taken = carrier.send(peer, outbound, 0, count);
        unsent |= taken < count;
        if (taken == 0) {
            return 0;
        }
        movedPackets = true;
        final long now = clock.nanoTime();
        for (int i = 0; i < taken; i++) {
            ends.forwarded(queue.peek(i), SlotOwner.EGRESS, now);
        }
        queue.remove(taken);
        return taken;
    }

    private int drop(EgressQueue queue, Verdict verdict) {
        final int count = queue.size();
        movedPackets = true;
        for (int i = 0; i < count; i++) {
            ends.drop(queue.peek(i), SlotOwner.EGRESS, verdict);
        }
        queue.remove(count);
        return count;
    }

    private long framePosition(int slot) {
        return slab.bodyPosition(slot) - LinkFrame.HEADER_LENGTH;
    }
}
