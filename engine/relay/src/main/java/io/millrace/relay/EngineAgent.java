package io.millrace.relay;

import com.lmax.disruptor.EventPoller;
import io.millrace.relay.live.Changes;
import io.millrace.relay.queue.Ingress;
import io.millrace.relay.queue.RelayEvent;
import io.millrace.relay.queue.Ring;
import io.millrace.relay.stage.DelayStage;
import io.millrace.relay.stage.OpenStage;
import io.millrace.relay.stage.PacketBatch;
import io.millrace.relay.stage.PeelStage;
import io.millrace.relay.stage.ReplayStage;
import io.millrace.relay.stage.RouteStage;
import io.millrace.relay.stage.SealStage;
import io.millrace.relay.stage.StageContext;
import io.millrace.relay.thread.Duty;
import io.millrace.relay.thread.QuiescentStateTracker;

/**
 * The engine duty of {@code SHARED} and {@code SPLIT}: all stages and the wheel, all in one thread, in batches
 * of all waiting packets, up to the limit.
 *
 * <p>The replay check comes between the two phases of peeling, so that a replayed packet costs one multiplication and
 * has no effect.
 */
final class EngineAgent implements Duty, Ingress {
    private final StageContext context;
    private final QuiescentStateTracker.Round round;
    private final EventPoller<RelayEvent> poller;
    private final EventPoller.Handler<RelayEvent> handler = this::take;
    private final Changes changes;
    private final OpenStage open;
    private final PeelStage peel;
    private final ReplayStage replay;
    private final RouteStage route;
    private final DelayStage delay;
    private final SealStage seal;
    private final PacketBatch batch;
    private int polled;
    private boolean caughtUp; // all that is due has left, and no time has passed since
    private boolean stopping;

    EngineAgent(
            StageContext context,
            QuiescentStateTracker.Round round,
            Ring ring,
            Changes changes,
            OpenStage open,
            PeelStage peel,
            RouteStage route,
            DelayStage delay,
            SealStage seal) {
        this.context = context;
        this.round = round;
        this.poller = ring.newLastPoller();
        this.changes = changes;
        this.open = open;
        this.peel = peel;
        this.replay = new ReplayStage(context.batchLimit());
        this.route = route;
        this.delay = delay;
        this.seal = seal;
        this.batch = new PacketBatch(context.batchLimit());
    }

    @Override
    public String roleName() {
        return "millrace-engine";
    }

    @Override
    public int doWork() {
        round.begin();
        int work = context.callbacks().tell() + pollRing();
        // A batch has looked at the wheel already: asking again would seal a packet or two at the price of a batch.
        if (!caughtUp) {
            work += seal.poll(context.clock().nanoTime());
        }
        caughtUp = false;
        changes.poll();
        context.ends().flush();
        return work;
    }

    /** Takes slots from the same thread, without the ring. */
    @Override
    public int accept(int[] slots, int count) {
        for (int i = 0; i < count; i++) {
            batch.add(slots[i]);
            if (batch.isFull()) {
                process();
            }
        }
        process();
        return count;
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

    /** Works inside the poll, so that the poller's sequence passes a packet only when the engine is done with it. */
    private boolean take(RelayEvent event, long sequence, boolean endOfBatch) {
        if (event.kind == RelayEvent.ORIGINATED) {
            seal.originate(event.slot);
        } else {
            batch.add(event.slot);
        }
        polled++;
        final boolean more = polled < context.batchLimit();
        if (endOfBatch || !more) {
            process();
        }
        return more;
    }

    private void process() {
        if (batch.count == 0) {
            return;
        }
        if (stopping) {
            open.refuse(batch);
            return;
        }
        batch.live = changes.epochs().current();
        open.process(batch);
        open.admit(batch);
        peel.authenticate(batch);
        replay.process(batch);
        peel.transform(batch);
        // The wheel first: due packets have waited while the batch was peeled, and the wheel must know the
        // time to take new ones.
        final long now = context.clock().nanoTime();
        caughtUp = seal.poll(now) < context.batchLimit();
        route.process(batch);
        delay.process(batch, now);
    }
}
