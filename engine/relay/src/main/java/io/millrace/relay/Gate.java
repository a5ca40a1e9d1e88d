package io.millrace.relay;

import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.sphinx.CommandType;
import io.millrace.vrf.DelayDraws;
import io.millrace.vrf.EpochKey;
import io.millrace.wheel.DelayWheel;

/**
 * The gate stage: routes peeled packets, draws their delays and hands their slots to the wheel.
 *
 * <p>Reads: {@code command}, {@code nextId}, {@code keyEpoch}, {@code replayTag}, {@code delayTag}, {@code wantedDelayNs}.
 * Writes: {@code egressPeer}, {@code egressEpoch}, {@code gatedNs}, {@code dueNs}. Owns sampling; belongs to the thread that
 * owns the wheel.
 */
final class Gate {
    private final Slab slab;
    private final SlotFields fields;
    private final Neighbours neighbours;
    private final EpochTable epochs;
    private final WaitingCounts waiting;
    private final DelayDraws draws;
    private final DelayWheel wheel;
    private final PacketEnds ends;
    private final Callbacks callbacks;
    private final long[] tagsLow;
    private final long[] tagsHigh;
    private final int[] outcomes; // by packet of the batch
    private final int[] inserted; // by packet of one epoch
    private final int[] entries; // as inserted

    Gate(StageContext context, Neighbours neighbours, EpochTable epochs, DelayDraws draws, DelayWheel wheel) {
        this.slab = context.slab();
        this.fields = context.fields();
        this.neighbours = neighbours;
        this.epochs = epochs;
        this.waiting = epochs.waiting();
        this.draws = draws;
        this.wheel = wheel;
        this.ends = context.ends();
        this.callbacks = context.callbacks();
        this.tagsLow = new long[context.batchLimit()];
        this.tagsHigh = new long[context.batchLimit()];
        this.outcomes = new int[context.batchLimit()];
        this.inserted = new int[context.batchLimit()];
        this.entries = new int[context.batchLimit()];
    }

    /**
     * Remembers the tags of packets that were peeled by other threads, those of one epoch together; afterwards the batch
     * holds only packets that were not seen before.
     */
    void admit(SlotBatch batch) {
        final LiveEpochs live = epochs.current();
        for (int place = 0; place < LiveEpochs.LIMIT; place++) {
            if (live.at(place) != null) {
                remember(batch, place, live.at(place).replayFilter());
            }
        }
        int kept = 0;
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            if (outcomes[i] == ReplayFilter.ADDED) {
                batch.slots[kept++] = slot;
            } else {
                ends.drop(slot, SlotOwner.ENGINE, ReplayFilter.verdict(outcomes[i]));
            }
        }
        batch.count = kept;
    }

    private void remember(SlotBatch batch, int place, ReplayFilter replayFilter) {
        int count = 0;
        for (int i = 0; i < batch.count; i++) {
            final long at = slab.position(batch.slots[i]);
            if (fields.keyEpoch(at) == place) {
                tagsLow[count] = fields.tagLow(at);
                tagsHigh[count] = fields.tagHigh(at);
                entries[count++] = i;
            }
        }
        if (count == 0) {
            return;
        }
        replayFilter.insertAll(count, tagsLow, tagsHigh, inserted);
        for (int i = 0; i < count; i++) {
            outcomes[entries[i]] = inserted[i];
        }
    }

    /** Routes and delays the whole batch; afterwards every slot is on the wheel or dropped. */
    void schedule(SlotBatch batch, long nowNs) {
        final LiveEpochs live = epochs.current();
        final RoutingTable routes = neighbours.routes();
        int kept = 0;
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            if (route(slot, routes, live)) {
                batch.slots[kept++] = slot;
            }
        }
        draws.draw();
        for (int i = 0; i < kept; i++) {
            delay(batch.slots[i], nowNs, draws.delayNs(i));
        }
        draws.clear();
        batch.count = 0;
    }

    /** Finds the next hop and asks for a delay; false if the packet was dropped. */
    private boolean route(int slot, RoutingTable routes, LiveEpochs live) {
        final long at = slab.position(slot);
        final int command = fields.command(at);
        if (command == CommandType.LOOP_COVER.code()) {
            callbacks.loop(fields.nextLow(at), fields.nextHigh(at));
        }
        if (command == CommandType.DROP_COVER.code() || command == CommandType.LOOP_COVER.code()) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.COVER);
            return false;
        }
        if (command == CommandType.FORWARD.code()) {
            final int route = routes.find(fields.nextLow(at), fields.nextHigh(at));
            if (route == RoutingTable.UNKNOWN) {
                ends.drop(slot, SlotOwner.ENGINE, Verdict.UNKNOWN_NEXT_HOP);
                return false;
            }
            fields.egressPeer(at, RoutingTable.peer(route));
            fields.egressEpoch(at, RoutingTable.epoch(route));
        } else {
            fields.egressPeer(at, SlotFields.LOCAL);
        }
        final EpochKey delays = live.at(fields.keyEpoch(at)).delays();
        draws.add(fields.delayTagLow(at), fields.delayTagHigh(at), fields.wantedDelayNs(at), delays);
        return true;
    }

    private void delay(int slot, long nowNs, long delayNs) {
        if (delayNs < 0) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.DELAY_REFUSED);
            return;
        }
        final long at = slab.position(slot);
        fields.gatedNs(at, nowNs);
        fields.dueNs(at, nowNs + delayNs);
        if (wheel.schedule(slot, nowNs + delayNs)) {
            waiting.entered(fields.keyEpoch(at), fields.egressPeer(at));
            assert slab.transfer(slot, SlotOwner.ENGINE, SlotOwner.WHEEL);
        } else {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.WHEEL_FULL);
        }
    }
}
