package io.millrace.relay.stage;

import io.millrace.memory.Slab;
import java.lang.foreign.MemorySegment;

/**
 * Views of the packet in each slot, made when a slot is first shown and kept: nothing is allocated per packet.
 *
 * <p>Threading: any thread that holds the slot; two that make the same view at once make equal ones.
 */
public final class PacketViews {
    private final Slab slab;
    private final int viewLength;
    private final boolean readOnly;
    private final MemorySegment[] views;

    /**
     * Views of {@code viewLength} bytes from the start of the packet.
     *
     * @param readOnly whether the views refuse to be written to.
     */
    public PacketViews(Slab slab, int viewLength, boolean readOnly) {
        this.slab = slab;
        this.viewLength = viewLength;
        this.readOnly = readOnly;
        this.views = new MemorySegment[slab.slotCount()];
    }

    /** The packet in a slot that the caller holds. */
    public MemorySegment packet(int slot) {
        MemorySegment view = views[slot];
        if (view == null) {
            view = slab.segment().asSlice(slab.bodyPosition(slot), viewLength);
            if (readOnly) {
                view = view.asReadOnly();
            }
            views[slot] = view;
        }
        return view;
    }
}
