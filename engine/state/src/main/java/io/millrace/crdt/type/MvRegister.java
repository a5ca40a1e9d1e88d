package io.millrace.crdt.type;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A register that keeps every value which no later assignment has seen: usually one, several after concurrent assignments,
 * for a reader to settle by the next assignment.
 *
 * <p>Source: Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types", 2011, section
 * 3.2.2. Instead of version vectors an assignment names the dots that it overwrites.
 */
public final class MvRegister {
    private final Dots<Value> dots = new Dots<>();

    /** A register without a value. */
    public MvRegister() {}

    /**
     * Assigns {@code value} over those assignments, known or not; true if something changed.
     *
     * @param value assigned.
     * @param dot of the assignment.
     * @param overwritten dots of earlier assignments.
     */
    public boolean assign(Value value, Dot dot, Collection<Dot> overwritten) {
        boolean changed = dots.add(dot, value);
        for (final Dot each : overwritten) {
            changed |= dots.remove(each);
        }
        return changed;
    }

    /** The values, in the order of their dots, without repetition. */
    public List<Value> values() {
        return dots.live().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    /** The assignments that are not overwritten, ordered: the next one names them. */
    public List<Dot> currentDots() {
        return dots.live().keySet().stream().sorted().toList();
    }

    /**
     * Joins {@code other} into this register; true if something changed.
     *
     * @param other stays as it is.
     */
    public boolean join(MvRegister other) {
        return dots.join(other.dots);
    }

    /** Whether both are the same point of the lattice. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MvRegister that && dots.equals(that.dots);
    }

    @Override
    public int hashCode() {
        return dots.hashCode();
    }
}
