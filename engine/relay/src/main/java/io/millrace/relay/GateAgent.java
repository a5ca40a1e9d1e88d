package io.millrace.relay;

import com.lmax.disruptor.EventPoller;
import io.millrace.memory.SlotOwner;
import io.millrace.relay.live.Changes;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.queue.RelayEvent;
import io.millrace.relay.stage.DelayStage;
import io.millrace.relay.stage.OpenStage;
import io.millrace.relay.stage.PacketBatch;
import io.millrace.relay.stage.ReplayStage;
import io.millrace.relay.stage.RouteStage;
import io.millrace.relay.stage.SealStage;
import io.millrace.relay.stage.StageContext;
import io.millrace.relay.thread.Duty;
import io.millrace.relay.thread.QuiescentStateTracker;

/**
 * The last engine thread of {@code PARALLEL}: link windows, replay sets, routing, wheel and sealing, for the packets
 * that the peel workers have left, in the ring's order.
 */
final class GateAgent implements Duty {
    private final StageContext context;
    private final QuiescentStateTracker.Round round;
    private final EventPoller<RelayEvent> poller;
    private final EventPoller.Handler<RelayEvent> handler = this::take;
    private final Changes changes;
    private final OpenStage open;
    private final ReplayStage replay;
    private final RouteStage route;
    private final DelayStage delay;
    private final SealStage seal;
    private final PacketBatch batch;
    private int polled;
    private boolean stopping;

    GateAgent(
            StageContext context,
            QuiescentStateTracker.Round round,
            EventPoller<RelayEvent> poller,
            Changes changes,
            OpenStage open,
            RouteStage route,
            DelayStage delay,
            SealStage seal) {
        this.context = context;
        this.round = round;
        this.poller = poller;
        this.changes = changes;
        this.open = open;
        this.replay = new ReplayStage(context.batchLimit());
        this.route = route;
        this.delay = delay;
        this.seal = seal;
        this.batch = new PacketBatch(context.batchLimit());
    }

    @Override
    public String roleName() {
        return "millrace-gate";
    }

    @Override
    public int doWork() {
        round.begin();
        final int work = context.callbacks().tell()
                + pollRing()
                + seal.poll(context.clock().nanoTime());
        changes.poll();
        context.ends().flush();
        return work;
    }

    @Override
    public long waitNs() {
        return Math.min(seal.waitNs(), changes.waitNs());
    }

    @Override
    public void slept() {
        seal.slept();
    }

    @Override
    public void onClose() {
        stopping = true;
        while (pollRing() > 0) {
            context.ends().flush();
        }
        seal.shutDown();
        context.ends().finish();
    }

    private int pollRing() {
        polled = 0;
        try {
            poller.poll(handler);
        } catch (Exception e) {
            throw new AssertionError("the handler throws no checked exception", e);
        }
        return polled;
    }

    private boolean take(RelayEvent event, long sequence, boolean endOfBatch) {
        polled++;
        if (event.slot != RelayEvent.NO_SLOT) {
            take(event);
        }
        final boolean more = polled < context.batchLimit();
        if (endOfBatch || !more) {
            batch.live = changes.epochs().current();
            replay.process(batch);
            batch.dropRefused(context.ends());
            final long now = context.clock().nanoTime();
            seal.poll(now);
            route.process(batch);
            delay.process(batch, now);
        }
        return more;
    }

    private void take(RelayEvent event) {
        if (event.kind == RelayEvent.ORIGINATED) {
            seal.originate(event.slot);
        } else if (stopping) {
            context.ends().drop(event.slot, SlotOwner.ENGINE, Verdict.SHUTDOWN);
        } else if (open.admit(event.slot)) {
            batch.addPeeled(event.slot, context.slab().position(event.slot), context.fields());
        }
    }
}
