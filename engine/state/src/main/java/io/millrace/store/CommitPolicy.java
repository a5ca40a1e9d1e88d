package io.millrace.store;

import java.time.Duration;

/**
 * When a store forces its files to the disk: after so many operations or so much time, whichever is first.
 *
 * @param operations 1 to 2^30.
 * @param interval 100 microseconds to 1 hour; a loss of power can take the operations of this time.
 */
public record CommitPolicy(int operations, Duration interval) {
    private static final int MAX_OPERATIONS = 1 << 30;
    private static final Duration MIN_INTERVAL = Duration.ofNanos(100_000);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);

    /** After 65,536 operations or 10 milliseconds. */
    public static final CommitPolicy DEFAULT = new CommitPolicy(1 << 16, Duration.ofMillis(10));

    public CommitPolicy {
        if (operations < 1 || operations > MAX_OPERATIONS) {
            throw new IllegalArgumentException("operations must be 1 to 2^30: operations=" + operations);
        }
        if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("interval must be 100 microseconds to 1 hour: interval=" + interval);
        }
    }
}
