package io.millrace.relay;

import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.sphinx.CommandType;
import io.millrace.vrf.DelayDraws;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EpochKey;
import io.millrace.wheel.DelayWheel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The gate stage: routes peeled packets, draws their delays and hands their slots to the wheel.
 *
 * <p>Reads: {@code command}, {@code nextId}, {@code replayTag}, {@code delayTag}, {@code wantedDelayNs}. Writes: {@code egressPeer},
 * {@code gatedNs}, {@code dueNs}. Owns routing and sampling; belongs to the thread that owns the wheel.
 */
final class Gate {
    private final Slab slab;
    private final SlotFields fields;
    private final RoutingTable routes;
    private final DelaySampler sampler;
    private final DelayDraws draws;
    private final DelayWheel wheel;
    private final PacketEnds ends;
    private final Callbacks callbacks;
    private final long[] tagsLow;
    private final long[] tagsHigh;
    private final int[] outcomes;
    private final AtomicReference<Roll> rolling = new AtomicReference<>();

    Gate(StageContext context, RoutingTable routes, DelaySampler sampler, DelayDraws draws, DelayWheel wheel) {
        this.slab = context.slab();
        this.fields = context.fields();
        this.routes = routes;
        this.sampler = sampler;
        this.draws = draws;
        this.wheel = wheel;
        this.ends = context.ends();
        this.callbacks = context.callbacks();
        this.tagsLow = new long[context.batchLimit()];
        this.tagsHigh = new long[context.batchLimit()];
        this.outcomes = new int[context.batchLimit()];
    }

    /** Goes on to the next delay epoch before the next batch; any thread. Completes with the epoch that is over. */
    CompletableFuture<EpochKey> rollDelayEpoch(EpochKey next) {
        final Roll roll = new Roll(next, new CompletableFuture<>());
        if (!rolling.compareAndSet(null, roll)) {
            throw new IllegalStateException("the previous roll is still under way");
        }
        return roll.retired();
    }

    /**
     * Remembers the tags of packets that were peeled by other threads, those of one epoch that follow each other at once;
     * afterwards the batch holds only packets that were not seen before.
     */
    void admit(SlotBatch batch, EpochSwitch epochs) {
        final int count = batch.count;
        batch.count = 0;
        int from = 0;
        while (from < count) {
            final int epoch = fields.keyEpoch(slab.position(batch.slots[from]));
            int run = 0;
            while (from + run < count && fields.keyEpoch(slab.position(batch.slots[from + run])) == epoch) {
                final long at = slab.position(batch.slots[from + run]);
                tagsLow[run] = fields.tagLow(at);
                tagsHigh[run] = fields.tagHigh(at);
                run++;
            }
            admit(batch, from, run, epochs.numbered(epoch));
            from += run;
        }
    }

    private void admit(SlotBatch batch, int from, int run, KeyEpoch epoch) {
        if (epoch != null) {
            epoch.replayFilter().insertAll(run, tagsLow, tagsHigh, outcomes);
        }
        for (int i = 0; i < run; i++) {
            final int slot = batch.slots[from + i];
            if (epoch == null) {
                ends.drop(slot, SlotOwner.ENGINE, Verdict.EPOCH_OVER);
            } else if (outcomes[i] == ReplayFilter.ADDED) {
                batch.slots[batch.count++] = slot;
            } else {
                ends.drop(slot, SlotOwner.ENGINE, ReplayFilter.verdict(outcomes[i]));
            }
        }
    }

    /** Routes and delays the whole batch; afterwards every slot is on the wheel or dropped. */
    void schedule(SlotBatch batch, long nowNs) {
        if (rolling.getOpaque() != null) {
            roll(rolling.getAndSet(null));
        }
        int kept = 0;
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            if (route(slot)) {
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

    private void roll(Roll roll) {
        final EpochRollEvent event = new EpochRollEvent(EpochRollEvent.DELAY);
        event.begin();
        sampler.offer(roll.next());
        final EpochKey over = sampler.roll();
        event.commit();
        // Elsewhere: what hangs on it must not run on this thread.
        roll.retired().completeAsync(() -> over);
    }

    /** Finds the next hop and asks for a delay; false if the packet was dropped. */
    private boolean route(int slot) {
        final long at = slab.position(slot);
        final int command = fields.command(at);
        if (command == CommandType.LOOP_COVER.code()) {
            callbacks.loop(fields.nextLow(at), fields.nextHigh(at));
        }
        if (command == CommandType.DROP_COVER.code() || command == CommandType.LOOP_COVER.code()) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.COVER);
            return false;
        }
        final int peer = command == CommandType.FORWARD.code()
                ? routes.peer(fields.nextLow(at), fields.nextHigh(at))
                : SlotFields.LOCAL;
        if (peer == RoutingTable.UNKNOWN) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.UNKNOWN_NEXT_HOP);
            return false;
        }
        fields.egressPeer(at, peer);
        draws.add(fields.delayTagLow(at), fields.delayTagHigh(at), fields.wantedDelayNs(at));
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
            assert slab.transfer(slot, SlotOwner.ENGINE, SlotOwner.WHEEL);
        } else {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.WHEEL_FULL);
        }
    }

    private record Roll(EpochKey next, CompletableFuture<EpochKey> retired) {}
}
