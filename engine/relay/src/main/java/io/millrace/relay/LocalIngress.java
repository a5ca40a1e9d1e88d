package io.millrace.relay;

import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.live.EnginePeers;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.queue.Ring;
import io.millrace.relay.stage.PacketViews;
import io.millrace.relay.stage.SlotFields;
import io.millrace.relay.thread.Wakeups;
import io.millrace.sphinx.SphinxGeometry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the application's own packets come in: copies them into slots, or lends slots to be filled in place, and publishes
 * them to the ring.
 *
 * <p>Threading: any thread. After {@link #close()} has returned, no thread is inside and none gets in.
 */
final class LocalIngress {
    /** The bits of an epoch's number that a packet carries. */
    private static final int EPOCH_MASK = 0xff;

    private final Slab slab;
    private final SlotFields fields;
    private final Ring ring;
    private final NanoClock clock;
    private final int packetLength;
    private final EnginePeers neighbours;
    private final Wakeups wakeups;
    private final int claimLimit;
    private final PacketViews views;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger claimed = new AtomicInteger();
    private final List<PacketClaims> claims = new ArrayList<>();
    private volatile boolean open;

    LocalIngress(Slab slab, Ring ring, NanoClock clock, int packetLength, EnginePeers neighbours, Wakeups wakeups) {
        this.slab = slab;
        this.fields = new SlotFields(slab.segment());
        this.ring = ring;
        this.clock = clock;
        this.packetLength = packetLength;
        this.neighbours = neighbours;
        this.wakeups = wakeups;
        this.claimLimit = slab.slotCount() / 2;
        this.views = new PacketViews(slab, packetLength + SphinxGeometry.SPILL_LENGTH, false);
    }

    void open() {
        open = true;
    }

    /** Lets no caller in any more, without waiting for those inside; any thread. */
    void shut() {
        open = false;
    }

    void close() {
        shut();
        while (inside.get() != 0) {
            Thread.onSpinWait();
        }
    }

    /** Lets a thread in, unless the door is closed; with {@link #leave()} afterwards. */
    boolean enter() {
        inside.incrementAndGet();
        if (open) {
            return true;
        }
        inside.decrementAndGet();
        return false;
    }

    void leave() {
        inside.decrementAndGet();
    }

    /**
     * Takes a copy of the packet, unless the door is closed or there is no slot or no room in the ring.
     *
     * @param epoch number of the key epoch that it was wrapped for: of this relay, or of {@code peer} if it goes there.
     */
    Offer publish(MemorySegment memory, long position, int kind, int peer, int source, long epoch) {
        if (!enter()) {
            return Offer.CLOSED;
        }
        try {
            return copyAndPublish(memory, position, kind, peer, source, epoch) ? Offer.OK : Offer.FULL;
        } finally {
            leave();
        }
    }

    void requirePeer(int peer) {
        neighbours.requirePresent(peer);
    }

    void requireSource(int source) {
        if (!PacketSource.isApplication(source) && !neighbours.isPresent(source)) {
            throw new IllegalArgumentException("source must be a peer or of the application: source=" + source);
        }
    }

    /** Claims of one more thread of the application. */
    PacketClaims newClaims(int limit) {
        final PacketClaims made = new PacketClaims(this, limit);
        synchronized (claims) {
            claims.add(made);
        }
        return made;
    }

    void forget(PacketClaims gone) {
        synchronized (claims) {
            claims.remove(gone);
        }
    }

    /** Takes all claimed slots back; after {@link #close()}, when nothing fills them any more. */
    void takeBackClaims() {
        synchronized (claims) {
            claims.forEach(PacketClaims::giveBack);
            claims.clear();
        }
    }

    /** Claims up to {@code wanted} slots for a thread that is inside; returns how many. */
    int claim(int[] slots, int wanted) {
        final int before = claimed.getAndAdd(wanted);
        final int allowed = Math.clamp((long) claimLimit - before, 0, wanted);
        final int taken = allowed == 0 ? 0 : slab.acquire(slots, 0, allowed, SlotOwner.APPLICATION);
        claimed.addAndGet(taken - wanted);
        for (int i = 0; i < taken; i++) {
            // The application must not see bytes of another packet.
            views.packet(slots[i]).fill((byte) 0);
        }
        return taken;
    }

    /** Gives back the first {@code count} claimed slots. */
    void unclaim(int[] slots, int count) {
        slab.release(slots, 0, count, SlotOwner.APPLICATION);
        claimed.addAndGet(-count);
    }

    /** Gives back a claimed slot. */
    void unclaim(int slot) {
        slab.release(slot, SlotOwner.APPLICATION);
        claimed.decrementAndGet();
    }

    /** The packet in a claimed slot and the spill after it. */
    MemorySegment writable(int slot) {
        return views.packet(slot);
    }

    /** Writes the fields of a packet that the application has filled in. */
    void prepare(int slot, int kind, int peer, int source, long epoch) {
        final long at = slab.position(slot);
        fields.kind(at, kind);
        fields.length(at, packetLength);
        fields.ingressPeer(at, source);
        fields.egressPeer(at, peer);
        fields.keyEpoch(at, (int) (epoch & EPOCH_MASK));
        fields.egressEpoch(at, (int) (epoch & EPOCH_MASK));
    }

    /** Publishes the first slots of {@code count} claimed ones, up to the room; returns the number. */
    int publish(int[] slots, int[] kinds, int count) {
        if (count == 0) {
            return 0;
        }
        final long now = clock.nanoTime();
        final int room = Math.min(count, ring.room());
        for (int i = 0; i < room; i++) {
            fields.arrivedNs(slab.position(slots[i]), now);
            assert slab.transfer(slots[i], SlotOwner.APPLICATION, SlotOwner.ENGINE);
        }
        final int taken = ring.publish(slots, kinds, room);
        for (int i = taken; i < room; i++) {
            assert slab.transfer(slots[i], SlotOwner.ENGINE, SlotOwner.APPLICATION);
        }
        claimed.addAndGet(-taken);
        wakeups.ring();
        return taken;
    }

    private boolean copyAndPublish(MemorySegment memory, long position, int kind, int peer, int source, long epoch) {
        final int slot = slab.acquire(SlotOwner.ENGINE);
        if (slot == Slab.NONE) {
            return false;
        }
        boolean published = false;
        try {
            MemorySegment.copy(memory, position, slab.segment(), slab.bodyPosition(slot), packetLength);
            fields.arrivedNs(slab.position(slot), clock.nanoTime());
            prepare(slot, kind, peer, source, epoch);
            published = ring.publish(slot, kind);
        } finally {
            if (published) {
                wakeups.ring();
            } else {
                slab.release(slot, SlotOwner.ENGINE);
            }
        }
        return published;
    }
}
