package io.millrace.relay;

import com.lmax.disruptor.EventPoller;
import io.millrace.memory.SlotOwner;

/**
 * The last engine thread of {@code PARALLEL}: link windows, replay sets, routing, wheel and sealing, for the packets
 * that the peel workers have left, in the ring's order.
 */
final class GateAgent implements Duty {
    private final StageContext context;
    private final Rounds.Round round;
    private final EventPoller<RelayEvent> poller;
    private final EventPoller.Handler<RelayEvent> handler = this::take;
    private final Changes changes;
    private final Opening opening;
    private final Gate gate;
    private final Departures departures;
    private final SlotBatch batch;
    private int polled;
    private boolean stopping;

    GateAgent(
            StageContext context,
            Rounds.Round round,
            EventPoller<RelayEvent> poller,
            Changes changes,
            Opening opening,
            Gate gate,
            Departures departures) {
        this.context = context;
        this.round = round;
        this.poller = poller;
        this.changes = changes;
        this.opening = opening;
        this.gate = gate;
        this.departures = departures;
        this.batch = new SlotBatch(context.batchLimit());
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
                + departures.poll(context.clock().nanoTime());
        changes.poll();
        context.ends().flush();
        return work;
    }

    @Override
    public long waitNs() {
        return Math.min(departures.waitNs(), changes.waitNs());
    }

    @Override
    public void slept() {
        departures.slept();
    }

    @Override
    public void onClose() {
        stopping = true;
        while (pollRing() > 0) {
            context.ends().flush();
        }
        departures.shutDown();
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
            gate.admit(batch);
            final long now = context.clock().nanoTime();
            departures.poll(now);
            gate.schedule(batch, now);
        }
        return more;
    }

    private void take(RelayEvent event) {
        if (event.kind == RelayEvent.ORIGINATED) {
            departures.originate(event.slot);
        } else if (stopping) {
            context.ends().drop(event.slot, SlotOwner.ENGINE, Verdict.SHUTDOWN);
        } else if (opening.admit(event.slot)) {
            batch.add(event.slot);
        }
    }
}
