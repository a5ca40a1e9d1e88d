package io.millrace.relay.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A mark is passed by the threads that have begun a round since; it wakes those that sleep. */
class QuiescentStateTrackerTest {
    @Test
    void aMarkIsPassedWhenEachThreadHasBegunARoundAndRingsForThose() {
        final AtomicInteger rings = new AtomicInteger();
        final QuiescentStateTracker rounds = new QuiescentStateTracker(rings::incrementAndGet);
        final QuiescentStateTracker.Round first = rounds.newRound();
        final QuiescentStateTracker.Round second = rounds.newRound();

        final long mark = rounds.mark();
        assertThat(rings).hasValue(1);
        assertThat(rounds.isPassed(mark)).isFalse();
        first.begin();
        assertThat(rounds.isPassed(mark)).isFalse();
        second.begin();
        assertThat(rounds.isPassed(mark)).isTrue();

        rounds.ring();
        assertThat(rings).hasValue(2);
    }
}
