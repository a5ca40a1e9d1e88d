package io.millrace.relay;

import io.millrace.carrier.Carrier;

/** Holds the running key epoch and rolls to the next. Readers on any thread; one roll at a time. */
final class EpochKeeper implements AutoCloseable {
    private final Ring ring;
    private final Carrier carrier;
    private volatile EpochSwitch current;

    /**
     * Begins with {@code first}.
     *
     * @param carrier the engine's; null if it has none.
     */
    EpochKeeper(Ring ring, Carrier carrier, KeyEpoch first) {
        this.ring = ring;
        this.carrier = carrier;
        this.current = new EpochSwitch(null, first, -1);
    }

    EpochSwitch current() {
        return current;
    }

    /**
     * Peels every packet that is published from now on under {@code next}; those in the ring keep their epoch. The epoch
     * before the running one is closed, and its journal deleted.
     */
    synchronized void roll(KeyEpoch next) {
        next.replayFilter().requireAllowed(carrier);
        final EpochSwitch last = current;
        if (next.number() <= last.after().number()) {
            throw new IllegalArgumentException("epochs must rise: number=" + next.number() + ", running="
                    + last.after().number());
        }
        if (!ring.isPassed(last.lastBefore())) {
            throw new IllegalStateException("the previous roll is still under way: number="
                    + last.after().number());
        }
        final EpochRollEvent event = new EpochRollEvent(EpochRollEvent.KEY);
        event.begin();
        current = new EpochSwitch(last.after(), next, ring.cursor());
        if (last.before() != null) {
            last.before().retire();
        }
        event.commit();
    }

    /** Closes all epochs; after the engine's threads have ended. */
    @Override
    public synchronized void close() {
        final EpochSwitch last = current;
        last.after().close();
        if (last.before() != null) {
            last.before().close();
        }
    }
}
