package io.millrace.relay;

import io.millrace.htx.Quiescence;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Knows when every engine thread has come round: each notes the latest mark when it begins a round, and then holds
 * nothing from before.
 */
final class Rounds implements Quiescence {
    private final List<Round> rounds = new ArrayList<>();
    private volatile long latest;

    /** Adds an engine thread; before any starts. */
    Round newRound() {
        final Round round = new Round();
        rounds.add(round);
        return round;
    }

    /** By one thread. */
    @Override
    public long mark() {
        final long mark = latest + 1; // one writer
        latest = mark;
        return mark;
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
    final class Round {
        private final AtomicLong seen = new AtomicLong();

        private Round() {}

        /** A round begins: nothing is held from the one before. */
        void begin() {
            final long mark = latest;
            if (seen.getPlain() != mark) {
                seen.set(mark);
            }
        }
    }
}
