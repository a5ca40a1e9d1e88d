package io.millrace.rig.attack;

import java.time.Duration;

/**
 * Times of a row of {@code bench flood --attacks}.
 *
 * @param lead how long an attack goes on before the first pair, so that its code is compiled and its budgets are used up.
 * @param slice length of each slice of a pair.
 * @param pairs slices with the attack, and as many without.
 * @param newcomers fewest newcomers with the attack: further pairs follow until there were so many, at most {@link #FURTHER}
 *     times as many pairs.
 * @param settling longest time from the end of an attack to the next slice without it.
 */
record AttackTimes(Duration lead, Duration slice, int pairs, int newcomers, Duration settling) {
    /** Most pairs, as a multiple of those wanted. */
    static final int FURTHER = 4;

    private static final Duration SLICE = Duration.ofMillis(500);

    /** Time of a row, by plan, in seconds; a row with few newcomers takes longer. */
    double rowSeconds() {
        return (lead.toNanos() + pairs * (2.0 * slice.toNanos() + settling.toNanos())) / 1e9;
    }

    /**
     * Times for measurements.
     *
     * @param seconds with the attack, and as many without.
     */
    static AttackTimes of(int seconds) {
        return new AttackTimes(
                Duration.ofMillis(1_500),
                SLICE,
                (int) (seconds * 1_000L / SLICE.toMillis()),
                AttackRow.LEAST_NEWCOMERS,
                Duration.ofMillis(150));
    }
}
