package io.millrace.relay;

import com.lmax.disruptor.EventPoller;

/**
 * The engine duty of {@code SHARED} and {@code SPLIT}: open, peel, gate, wheel and seal, all in one thread, in batches
 * of all waiting packets, up to the limit.
 *
 * <p>The replay check comes between the two phases of peeling, so that a replayed packet costs one multiplication and
 * has no effect.
 */
final class EngineAgent implements Duty, Ingress {
    private final StageContext context;
    private final Rounds.Round round;
    private final EventPoller<RelayEvent> poller;
    private final EventPoller.Handler<RelayEvent> handler = this::take;
    private final Changes changes;
    private final Opening opening;
    private final Peeling peeling;
    private final Gate gate;
    private final Departures departures;
    private final SlotBatch batch;
    private int polled;
    private boolean caughtUp; // all that is due has left, and no time has passed since
    private boolean stopping;

    EngineAgent(
            StageContext context,
            Rounds.Round round,
            Ring ring,
            Changes changes,
            Opening opening,
            Peeling peeling,
            Gate gate,
            Departures departures) {
        this.context = context;
        this.round = round;
        this.poller = ring.newLastPoller();
        this.changes = changes;
        this.opening = opening;
        this.peeling = peeling;
        this.gate = gate;
        this.departures = departures;
        this.batch = new SlotBatch(context.batchLimit());
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
            work += departures.poll(context.clock().nanoTime());
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

    /** Works inside the poll, so that the poller's sequence passes a packet only when the engine is done with it. */
    private boolean take(RelayEvent event, long sequence, boolean endOfBatch) {
        if (event.kind == RelayEvent.ORIGINATED) {
            departures.originate(event.slot);
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
            opening.refuse(batch);
            return;
        }
        final LiveEpochs live = changes.epochs().current();
        opening.open(batch, live);
        opening.admit(batch);
        peeling.authenticate(batch, live);
        peeling.admit(batch, live);
        peeling.transform(batch);
        // The wheel first: due packets have waited while the batch was peeled, and the wheel must know the
        // time to take new ones.
        final long now = context.clock().nanoTime();
        caughtUp = departures.poll(now) < context.batchLimit();
        gate.schedule(batch, now);
    }
}
