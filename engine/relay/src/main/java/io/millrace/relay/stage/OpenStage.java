package io.millrace.relay.stage;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.FrameStatus;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkOpener;
import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.live.EnginePeers;
import io.millrace.relay.live.LiveEpochs;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.queue.RelayEvent;
import java.lang.foreign.Arena;

/**
 * The open stage: from link frames to Sphinx packets, in place. Bare packets from the application pass through.
 *
 * <p>Reads: {@code kind}, {@code ingressPeer}, {@code length}, the frame, of bare packets {@code keyEpoch}. Writes: the
 * packet, {@code linkCounter}, {@code keyEpoch}, {@code takenNs}, {@code openedNs}. Belongs to one engine thread;
 * {@link #admit} only to the thread that owns the links' windows.
 */
public final class OpenStage {
    private final Slab slab;
    private final SlotFields fields;
    private final PacketCompletion ends;
    private final NanoClock clock;
    private final EnginePeers neighbours;
    private final boolean ownsWindows;
    private final LinkOpener opener;

    /**
     * Makes the stage.
     *
     * @param ownsWindows whether this thread owns the links' windows, so that a replayed frame can be dropped before its
     *     tag is verified.
     */
    public OpenStage(
            Arena arena, StageContext context, BatchCrypto crypto, EnginePeers neighbours, boolean ownsWindows) {
        this.slab = context.slab();
        this.fields = context.fields();
        this.ends = context.ends();
        this.clock = context.clock();
        this.neighbours = neighbours;
        this.ownsWindows = ownsWindows;
        this.opener = new LinkOpener(arena, crypto, slab.segment(), context.batchLimit());
    }

    /**
     * Opens every frame of the batch and finds the key epoch that each packet was wrapped for; afterwards the batch holds
     * only Sphinx packets of accepted epochs.
     */
    public void process(PacketBatch batch) {
        final long taken = clock.nanoTime();
        int kept = 0;
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            final long at = slab.position(slot);
            fields.takenNs(at, taken);
            if (fields.kind(at) == RelayEvent.PACKET) {
                ends.received(1);
                batch.slots[kept++] = slot;
            } else if (add(slot, at)) {
                batch.slots[kept++] = slot;
            }
        }
        opener.open();
        final long opened = clock.nanoTime();
        int frame = 0;
        batch.count = kept;
        kept = 0;
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            final long at = slab.position(slot);
            fields.openedNs(at, opened);
            if ((fields.kind(at) == RelayEvent.PACKET || isOpen(frame++, slot, at))
                    && isAccepted(batch, kept, slot, at)) {
                batch.slots[kept++] = slot;
            }
        }
        batch.count = kept;
    }

    /** Accepts the counters of opened frames; afterwards the batch holds each frame of a link once. */
    public void admit(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.count; i++) {
            if (admit(batch.slots[i])) {
                batch.keep(kept++, i);
            }
        }
        batch.count = kept;
    }

    /** Accepts the counter of an opened frame; false if it was a duplicate and is dropped. */
    public boolean admit(int slot) {
        final long at = slab.position(slot);
        if (fields.kind(at) == RelayEvent.PACKET
                || neighbours.link(fields.ingressPeer(at)).accept(fields.linkCounter(at))) {
            return true;
        }
        ends.drop(slot, SlotOwner.ENGINE, Verdict.LINK_REPLAY);
        return false;
    }

    /** Drops the whole batch unopened, because the engine stops. */
    public void refuse(PacketBatch batch) {
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            if (fields.kind(slab.position(slot)) == RelayEvent.PACKET) {
                ends.received(1);
            }
            ends.drop(slot, SlotOwner.ENGINE, Verdict.SHUTDOWN);
        }
        batch.count = 0;
    }

    private boolean add(int slot, long at) {
        final Link link = neighbours.link(fields.ingressPeer(at));
        if (link == null) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.UNKNOWN_PEER);
            return false;
        }
        final long frame = slab.bodyPosition(slot) - LinkFrame.HEADER_LENGTH;
        return passes(opener.add(frame, fields.length(at), link, ownsWindows), slot);
    }

    private boolean isOpen(int frame, int slot, long at) {
        fields.linkCounter(at, opener.counter(frame));
        fields.keyEpoch(at, opener.epoch(frame));
        return passes(opener.status(frame), slot);
    }

    /** Notes the place of the packet's epoch; drops the packet if the epoch is not accepted, before any multiplication. */
    private boolean isAccepted(PacketBatch batch, int index, int slot, long at) {
        final int place = batch.live.acceptedPlace(fields.keyEpoch(at));
        if (place == LiveEpochs.NONE) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.EPOCH_OVER);
            return false;
        }
        fields.keyEpoch(at, place);
        batch.places[index] = place;
        batch.verdicts[index] = Verdict.PENDING;
        return true;
    }

    private boolean passes(int status, int slot) {
        switch (status) {
            case FrameStatus.OK -> {
                return true;
            }
            case FrameStatus.BAD_LENGTH -> ends.drop(slot, SlotOwner.ENGINE, Verdict.BAD_LENGTH);
            case FrameStatus.OLD_OR_DUPLICATE -> ends.drop(slot, SlotOwner.ENGINE, Verdict.LINK_REPLAY);
            case FrameStatus.BAD_TAG -> ends.drop(slot, SlotOwner.ENGINE, Verdict.BAD_TAG);
            case FrameStatus.UNKNOWN_KEY -> ends.drop(slot, SlotOwner.ENGINE, Verdict.UNKNOWN_KEY);
            case FrameStatus.BAD_TYPE -> ends.drop(slot, SlotOwner.ENGINE, Verdict.BAD_FRAME_TYPE);
            default -> throw new AssertionError("unknown frame status: " + status);
        }
        return false;
    }
}
