package io.millrace.relay.epoch;

import java.util.Objects;
import java.util.Optional;

/**
 * How an engine that rolls its key epochs itself gets on with that.
 *
 * @param rolls how often the engine went on to another epoch.
 * @param failures steps of the source that failed, epochs that were refused and readings of the clock that failed, each tried
 *     again.
 * @param failure the last of these; empty if there was none.
 * @param problem why epochs do not go on now, as a line for people; empty if they do.
 * @param late a line for people about the last epoch that was accepted later than senders may count on; empty if none was.
 */
public record EpochStatus(
        long rolls, long failures, Optional<Throwable> failure, Optional<String> problem, Optional<String> late) {
    /** Share of a replay set from which an engine goes on to the next epoch, in percent. */
    public static final int FULL_PERCENT = 80;

    /** Nothing has happened; also the status of an engine whose application rolls the epochs. */
    public static final EpochStatus NONE = new EpochStatus(0, 0, Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks that nothing is null. */
    public EpochStatus {
        Objects.requireNonNull(failure, "failure");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(late, "late");
    }
}
