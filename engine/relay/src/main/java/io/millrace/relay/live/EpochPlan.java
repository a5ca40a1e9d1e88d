package io.millrace.relay.live;

import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.epoch.SphinxEpoch;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * The settings of an engine that rolls its key epochs itself.
 *
 * @param schedule ties epochs to time.
 * @param source makes them.
 * @param clock network time.
 * @param executor runs the source's calls.
 * @param shutdown ends the executor if it is the engine's, when the engine closes.
 * @param patienceNs how long an engine that closes waits for a call of the source, in nanoseconds.
 */
public record EpochPlan(
        EpochSchedule schedule,
        EpochSource source,
        NetworkClock clock,
        Executor executor,
        Runnable shutdown,
        long patienceNs) {
    /** Numbers of the epochs to begin with, rising, each with its end in milliseconds since 1970; the last one runs. */
    public NavigableMap<Long, Long> live() {
        final List<Long> numbers = source.live(schedule.numberAt(clock.nowMs()));
        final NavigableMap<Long, Long> ends = new TreeMap<>();
        for (long number : numbers) {
            if (!ends.isEmpty() && number <= ends.lastKey()) {
                throw new IllegalArgumentException("the first epochs must rise: numbers=" + numbers);
            }
            ends.put(number, endMs(number));
        }
        if (ends.isEmpty() || ends.size() > LiveEpochs.LIMIT) {
            throw new IllegalArgumentException("an engine begins with 1 to 4 epochs: numbers=" + numbers);
        }
        return ends;
    }

    /** When an epoch ends, in milliseconds since 1970: not later than by the schedule, whatever the source says. */
    long endMs(long number) {
        return Math.clamp(source.endMs(number, schedule), 0, schedule.endMs(number));
    }

    /** An epoch to begin with. */
    public SphinxEpoch first(long number) {
        try {
            return made(number);
        } catch (IOException e) {
            throw new IllegalStateException("the first key epoch could not be made: number=" + number, e);
        }
    }

    /** Has an epoch made, and closes one that has another number. */
    SphinxEpoch made(long number) throws IOException {
        final SphinxEpoch made = Objects.requireNonNull(source.make(number), "the source made no epoch");
        if (made.number() != number) {
            made.discard();
            throw new IllegalStateException(
                    "the source made another epoch: asked for=" + number + ", made=" + made.number());
        }
        return made;
    }
}
