package io.millrace.relay.stage;

import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.relay.live.WaitingCounts;
import io.millrace.relay.packet.Verdict;
import io.millrace.vrf.DelayDraws;
import io.millrace.wheel.DelayWheel;

/**
 * The delay stage: draws the delays of routed packets and hands their slots to the wheel.
 *
 * <p>Reads: {@code delayTag}, {@code wantedDelayNs}, {@code egressPeer}. Writes: {@code gatedNs}, {@code dueNs}. Owns sampling;
 * belongs to the thread that owns the wheel.
 */
public final class DelayStage {
    private final Slab slab;
    private final SlotFields fields;
    private final WaitingCounts waiting;
    private final DelayDraws draws;
    private final DelayWheel wheel;
    private final PacketCompletion ends;

    public DelayStage(StageContext context, WaitingCounts waiting, DelayDraws draws, DelayWheel wheel) {
        this.slab = context.slab();
        this.fields = context.fields();
        this.waiting = waiting;
        this.draws = draws;
        this.wheel = wheel;
        this.ends = context.ends();
    }

    /**
     * Delays the whole batch; afterwards every slot is on the wheel or dropped.
     *
     * @param batch of routed packets.
     * @param nowNs from which the delays count.
     */
    public void process(PacketBatch batch, long nowNs) {
        for (int i = 0; i < batch.count; i++) {
            final long at = slab.position(batch.slots[i]);
            draws.add(
                    fields.delayTagLow(at),
                    fields.delayTagHigh(at),
                    fields.wantedDelayNs(at),
                    batch.live.at(batch.places[i]).delays());
        }
        draws.draw();
        for (int i = 0; i < batch.count; i++) {
            delay(batch.slots[i], batch.places[i], nowNs, draws.delayNs(i));
        }
        draws.clear();
        batch.count = 0;
    }

    private void delay(int slot, int place, long nowNs, long delayNs) {
        if (delayNs < 0) {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.DELAY_REFUSED);
            return;
        }
        final long at = slab.position(slot);
        fields.gatedNs(at, nowNs);
        fields.dueNs(at, nowNs + delayNs);
        if (wheel.schedule(slot, nowNs + delayNs)) {
            waiting.entered(place, fields.egressPeer(at));
            assert slab.transfer(slot, SlotOwner.ENGINE, SlotOwner.WHEEL);
        } else {
            ends.drop(slot, SlotOwner.ENGINE, Verdict.WHEEL_FULL);
        }
    }
}
