package io.millrace.relay;

import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EpochKey;
import io.millrace.wheel.DelayWheel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The gate stage: routes peeled packets, draws their delays and hands their slots to the wheel.
 *
 * <p>Reads: {@code command}, {@code nextId}, {@code replayTag}, {@code wantedDelayNs}. Writes: {@code egressPeer},
 * {@code gatedNs}, {@code dueNs}. Owns routing and sampling; belongs to the thread that owns the wheel.
 */
final class Gate {
    private final Slab slab;
    private final SlotFields fields;
    private final RoutingTable routes;
    private final DelaySampler sampler;
    private final DelayWheel wheel;
    private final PacketEnds ends;
    private final AtomicReference<Roll> rolling = new AtomicReference<>();

    Gate(StageContext context, RoutingTable routes, DelaySampler sampler, DelayWheel wheel) {
        this.slab = context.slab();
        this.fields = context.fields();
        this.routes = routes;
        this.sampler = sampler;
        this.wheel = wheel;
        this.ends = context.ends();
    }

    /** Goes on to the next delay epoch before the next batch; any thread. Completes with the epoch that is over. */
    CompletableFuture<EpochKey> rollDelayEpoch(EpochKey next) {
        final Roll roll = new Roll(next, new CompletableFuture<>());
        if (!rolling.compareAndSet(null, roll)) {
            throw new IllegalStateException("the previous roll is still under way");
        }
        return roll.retired();
    }

    /** Remembers the tag of a packet that was peeled by another thread; false if it was dropped. */
    boolean admit(int slot, EpochSwitch epochs) {
        final long at = slab.position(slot);
        final KeyEpoch epoch = epochs.numbered(fields.keyEpoch(at));
        if (epoch == null) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.EPOCH_OVER);
            return false;
        }
        final int outcome = epoch.replaySet().insert(fields.tagLow(at), fields.tagHigh(at));
        if (outcome == ReplaySet.ADDED) {
            return true;
        }
        ends.drop(slot, SlotOwner.ENGINE, outcome == ReplaySet.DUPLICATE ? Verdict.REPLAY : Verdict.REPLAY_SET_FULL);
        return false;
    }

    /** Routes and delays the whole batch; afterwards every slot is on the wheel or dropped. */
    void schedule(SlotBatch batch, long nowNs) {
        if (rolling.getOpaque() != null) {
            roll(rolling.getAndSet(null));
        }
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            final Verdict refusal = schedule(slot, nowNs);
            if (refusal != Verdict.PENDING) {
                ends.drop(slot, SlotOwner.ENGINE, refusal);
            }
        }
        batch.count = 0;
    }

    private void roll(Roll roll) {
        sampler.offer(roll.next());
        final EpochKey over = sampler.roll();
        // Elsewhere: what hangs on it must not run on this thread.
        roll.retired().completeAsync(() -> over);
    }

    private Verdict schedule(int slot, long nowNs) {
        final long at = slab.position(slot);
        final int command = fields.command(at);
        if (command == CommandType.DROP_COVER.code() || command == CommandType.LOOP_COVER.code()) {
            return Verdict.COVER;
        }
        final int peer = command == CommandType.FORWARD.code()
                ? routes.peer(fields.nextLow(at), fields.nextHigh(at))
                : SlotFields.LOCAL;
        if (peer == RoutingTable.UNKNOWN) {
            return Verdict.UNKNOWN_NEXT_HOP;
        }
        final long delayNs = sampler.delayNs(fields.tagLow(at), fields.tagHigh(at), fields.wantedDelayNs(at));
        if (delayNs < 0) {
            return Verdict.DELAY_REFUSED;
        }
        fields.egressPeer(at, peer);
        fields.gatedNs(at, nowNs);
        fields.dueNs(at, nowNs + delayNs);
        if (!wheel.schedule(slot, nowNs + delayNs)) {
            return Verdict.WHEEL_FULL;
        }
        assert slab.transfer(slot, SlotOwner.ENGINE, SlotOwner.WHEEL);
        return Verdict.PENDING;
    }

    private record Roll(EpochKey next, CompletableFuture<EpochKey> retired) {}
}
