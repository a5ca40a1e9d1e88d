package io.millrace.relay.thread;

import io.millrace.link.QuiescentState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Quiescent-state tracker for the engine threads: each notes the latest mark when it begins a round, and then holds
 * nothing that was published before the mark and withdrawn since. Several markers may use it at once.
 */
public final class QuiescentStateTracker implements QuiescentState {
    private final List<Round> rounds = new ArrayList<>();
    private final AtomicLong latest = new AtomicLong();
    private final Runnable bell;

    /**
     * Makes a tracker without threads.
     *
     * @param bell wakes all threads, so that each begins a round after a mark.
     */
    public QuiescentStateTracker(Runnable bell) {
        this.bell = bell;
    }

    /** Adds an engine thread; before any starts. */
    public Round newRound() {
        final Round round = new Round();
        rounds.add(round);
        return round;
    }

    /** Any thread. */
    @Override
    public long mark() {
        final long mark = latest.incrementAndGet();
        bell.run();
        return mark;
    }

    /** Wakes all threads. Any thread. */
    public void ring() {
        bell.run();
    }

    @Override
    public boolean isPassed(long mark) {
        for (Round round : rounds) {
            if (round.seen.get() < mark) {
                return false;
            }
        }
        return true;
    }

    /** One thread's rounds. */
    public final class Round {
        private final AtomicLong seen = new AtomicLong();

        private Round() {}

        /** A round begins: nothing is held from the one before. */
        public void begin() {
            final long mark = latest.get();
            if (seen.getPlain() != mark) {
                seen.set(mark);
            }
        }
    }
}
