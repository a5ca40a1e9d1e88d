package io.millrace.relay;

import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.metrics.NanoClock;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the application's own packets come in: copies them into slots and publishes those to the ring.
 *
 * <p>Threading: any thread. After {@link #close()} has returned, nobody is inside and nobody gets in.
 */
final class ApplicationDoor {
    /** The bits of an epoch's number that a packet carries. */
    private static final int EPOCH_MASK = 0xff;

    private final Slab slab;
    private final SlotFields fields;
    private final Ring ring;
    private final NanoClock clock;
    private final int packetLength;
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean open;

    ApplicationDoor(Slab slab, Ring ring, NanoClock clock, int packetLength) {
        this.slab = slab;
        this.fields = new SlotFields(slab.segment());
        this.ring = ring;
        this.clock = clock;
        this.packetLength = packetLength;
    }

    void open() {
        open = true;
    }

    void close() {
        open = false;
        while (inside.get() != 0) {
            Thread.onSpinWait();
        }
    }

    /** Lets nobody in any more, without waiting for those inside; any thread. */
    void shut() {
        open = false;
    }

    /**
     * Takes a copy of the packet, unless the door is closed or there is no slot or no room in the ring.
     *
     * @param epoch number of the key epoch that it was wrapped for: of this relay, or of {@code peer} if it goes there.
     */
    Offer publish(MemorySegment memory, long position, int kind, int peer, int source, long epoch) {
        inside.incrementAndGet();
        try {
            if (!open) {
                return Offer.CLOSED;
            }
            return copyAndPublish(memory, position, kind, peer, source, epoch) ? Offer.OK : Offer.FULL;
        } finally {
            inside.decrementAndGet();
        }
    }

    private boolean copyAndPublish(
            MemorySegment memory, long position, int kind, int peer, int source, long epoch) {
        final int slot = slab.acquire(SlotOwner.ENGINE);
        if (slot == Slab.NONE) {
            return false;
        }
        boolean published = false;
        try {
            MemorySegment.copy(memory, position, slab.segment(), slab.bodyPosition(slot), packetLength);
            final long at = slab.position(slot);
            fields.arrivedNs(at, clock.nanoTime());
            fields.kind(at, kind);
            fields.length(at, packetLength);
            fields.ingressPeer(at, source);
            fields.egressPeer(at, peer);
            fields.keyEpoch(at, (int) (epoch & EPOCH_MASK));
            fields.egressEpoch(at, (int) (epoch & EPOCH_MASK));
            published = ring.publish(slot, kind);
        } finally {
            if (!published) {
                slab.release(slot, SlotOwner.ENGINE);
            }
        }
        return published;
    }
}
