package io.millrace.wheel;

/**
 * Source of the order in which entries of one tick fire: a {@link DelayWheel} shuffles them with its numbers (Fisher and
 * Yates), so uniform numbers give every order with equal probability.
 *
 * <p>Threading: called by the owner of the wheel.
 */
public interface TickOrder {
    /** Keeps the order in which the entries were scheduled. */
    TickOrder SCHEDULED = bound -> bound - 1;

    /**
     * The next number.
     *
     * @param bound 2 or more.
     * @return 0 to {@code bound - 1}; {@code bound - 1} leaves the entry in its place.
     */
    int below(int bound);
}
