package io.millrace.crdt.type;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * A counter that goes up and down: per actor the sum of all its increments and the sum of all its decrements. An operation
 * carries those sums and not the difference, so an operation that is applied twice counts once.
 *
 * <p>Source: Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types", 2011, section
 * 3.1.3.
 */
public final class PnCounter {
    private final Map<ActorId, Sums> sums = new HashMap<>(4);

    /** A counter at 0. */
    public PnCounter() {}

    /**
     * Raises the sums of {@code actor} to at least these, 0 or more each; true if something changed.
     *
     * @param actor whose sums they are.
     * @param increments sum, 0 or more.
     * @param decrements sum, 0 or more.
     */
    public boolean raise(ActorId actor, long increments, long decrements) {
        final Sums before = of(actor);
        final Sums after = new Sums(Math.max(before.increments, increments), Math.max(before.decrements, decrements));
        if (after.equals(before)) {
            return false;
        }
        sums.put(actor, after);
        return true;
    }

    /**
     * The sums of {@code actor} so far.
     *
     * @param actor whose sums they are.
     */
    public Sums of(ActorId actor) {
        return sums.getOrDefault(actor, Sums.NONE);
    }

    /** All increments less all decrements. Exact: the sums of several actors may exceed a long. */
    public BigInteger value() {
        BigInteger value = BigInteger.ZERO;
        for (final Sums each : sums.values()) {
            value = value.add(BigInteger.valueOf(each.increments)).subtract(BigInteger.valueOf(each.decrements));
        }
        return value;
    }

    /**
     * Joins {@code other} into this counter; true if something changed.
     *
     * @param other stays as it is.
     */
    public boolean join(PnCounter other) {
        boolean changed = false;
        for (final Map.Entry<ActorId, Sums> entry : other.sums.entrySet()) {
            changed |= raise(entry.getKey(), entry.getValue().increments, entry.getValue().decrements);
        }
        return changed;
    }

    /** Whether both are the same point of the lattice. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PnCounter that && sums.equals(that.sums);
    }

    @Override
    public int hashCode() {
        return sums.hashCode();
    }

    /**
     * One actor's share of a counter.
     *
     * @param increments sum of all of them, 0 or more.
     * @param decrements sum of all of them, 0 or more.
     */
    public record Sums(long increments, long decrements) {
        /** Sums of an actor that has not counted. */
        public static final Sums NONE = new Sums(0, 0);

        /**
         * These sums and one change more.
         *
         * @param change to count; negative lowers the counter.
         * @throws IllegalArgumentException if a sum would leave the range of a long.
         */
        public Sums plus(long change) {
            final long up = increments + Math.max(change, 0);
            final long down = decrements - Math.min(change, 0);
            if (change == Long.MIN_VALUE || up < 0 || down < 0) {
                throw new IllegalArgumentException("the counter of this actor is exhausted: change=" + change);
            }
            return new Sums(up, down);
        }
    }
}
