package io.millrace.relay;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.Sequence;
import io.millrace.relay.live.EpochTable;
import io.millrace.relay.queue.RelayEvent;
import io.millrace.relay.queue.Ring;
import io.millrace.relay.stage.OpenStage;
import io.millrace.relay.stage.PacketBatch;
import io.millrace.relay.stage.PeelStage;
import io.millrace.relay.stage.StageContext;
import io.millrace.relay.thread.Duty;
import io.millrace.relay.thread.QuiescentStateTracker;
import io.millrace.relay.trace.StallWatch;
import io.millrace.relay.trace.ThreadStallEvent;
import java.util.Arrays;

/**
 * One of several peel workers of {@code PARALLEL}: opens and peels the packets of its blocks of the ring's sequence
 * and passes over the others' blocks. A packet that it drops leaves {@link RelayEvent#NO_SLOT} in the ring.
 *
 * <p>Reads and writes only slots of its blocks. The replay check is the gate thread's, after it: a replayed packet
 * costs the worker a whole peel here, but has no effect either.
 */
final class PeelWorker implements Duty {
    private final StageContext context;
    private final QuiescentStateTracker.Round round;
    private final int index;
    private final int workerCount;
    private final EventPoller<RelayEvent> poller;
    private final EventPoller.Handler<RelayEvent> handler = this::take;
    private final EpochTable epochs;
    private final OpenStage open;
    private final PeelStage peel;
    private final PacketBatch batch;
    private final RelayEvent[] events;
    private final StallWatch watch = new StallWatch(new ThreadStallEvent());
    private int polled;

    PeelWorker(
            StageContext context,
            QuiescentStateTracker.Round round,
            int index,
            int workerCount,
            Ring ring,
            EpochTable epochs,
            OpenStage open,
            PeelStage peel) {
        this.context = context;
        this.round = round;
        this.index = index;
        this.workerCount = workerCount;
        this.poller = ring.newPoller();
        this.epochs = epochs;
        this.open = open;
        this.peel = peel;
        this.batch = new PacketBatch(context.batchLimit());
        this.events = new RelayEvent[context.batchLimit()];
    }

    @Override
    public String roleName() {
        return "millrace-peel-" + index;
    }

    /** How far the workers are; the gate thread goes no further. */
    static Sequence[] sequences(PeelWorker[] workers) {
        return Arrays.stream(workers).map(worker -> worker.poller.getSequence()).toArray(Sequence[]::new);
    }

    @Override
    public int doWork() {
        round.begin();
        watch.round();
        polled = 0;
        try {
            poller.poll(handler);
        } catch (Exception e) {
            throw new AssertionError("the handler throws no checked exception", e);
        }
        context.ends().flush();
        return polled;
    }

    @Override
    public void slept() {
        watch.rest();
    }

    /** Drains the ring: the gate thread cannot pass an entry before the workers have. */
    @Override
    public void onClose() {
        while (doWork() > 0) {
            Thread.onSpinWait();
        }
        context.ends().finish();
    }

    private boolean take(RelayEvent event, long sequence, boolean endOfBatch) {
        final boolean mine = sequence / context.batchLimit() % workerCount == index;
        if (mine && event.kind != RelayEvent.ORIGINATED) {
            events[batch.count] = event;
            batch.add(event.slot);
        }
        polled++;
        final boolean blockEnds = (sequence + 1) % context.batchLimit() == 0;
        if (endOfBatch || blockEnds) {
            process();
        }
        return !(mine && blockEnds);
    }

    private void process() {
        if (batch.count == 0) {
            return;
        }
        final int count = batch.count;
        batch.live = epochs.current();
        open.process(batch);
        peel.authenticate(batch);
        peel.transform(batch);
        // The batch kept its order, and dropped packets are no longer in it.
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (kept < batch.count && batch.slots[kept] == events[i].slot) {
                kept++;
            } else {
                events[i].slot = RelayEvent.NO_SLOT;
            }
        }
        batch.count = 0;
    }
}
