package io.millrace.relay;

import io.millrace.memory.Slab;
import java.lang.foreign.MemorySegment;

/**
 * Read-only views of exactly the packet in each slot, made when a slot is first shown and kept: nothing is allocated per
 * packet. Belongs to one thread.
 */
final class PacketViews {
    private final Slab slab;
    private final int packetLength;
    private final MemorySegment[] views;

    PacketViews(Slab slab, int packetLength) {
        this.slab = slab;
        this.packetLength = packetLength;
        this.views = new MemorySegment[slab.slotCount()];
    }

    /** The packet in a slot that the caller holds. */
    MemorySegment packet(int slot) {
        MemorySegment view = views[slot];
        if (view == null) {
            view = slab.segment().asSlice(slab.bodyPosition(slot), packetLength).asReadOnly();
            views[slot] = view;
        }
        return view;
    }
}
