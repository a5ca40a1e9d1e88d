package io.millrace.crdt.type;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A set in which an addition wins over a removal that did not see it: a removal names the additions that it removes.
 *
 * <p>Source: Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types", 2011, section
 * 3.3.5. The tags are dots, and removed ones are kept.
 */
public final class OrSet {
    private final Map<String, Dots<Boolean>> elements = new HashMap<>();
    private int size;

    /** An empty set. */
    public OrSet() {}

    /**
     * Adds {@code element}; true if something changed.
     *
     * @param element name of the element.
     * @param dot of the addition.
     */
    public boolean add(String element, Dot dot) {
        return change(element, dots -> dots.add(dot, Boolean.TRUE));
    }

    /**
     * Removes those additions of {@code element}, known or not; true if something changed.
     *
     * @param element name of the element.
     * @param seen dots of the additions to remove.
     */
    public boolean remove(String element, Collection<Dot> seen) {
        return change(element, dots -> {
            boolean changed = false;
            for (final Dot dot : seen) {
                changed |= dots.remove(dot);
            }
            return changed;
        });
    }

    /**
     * Whether {@code element} is in the set.
     *
     * @param element name of the element.
     */
    public boolean contains(String element) {
        final Dots<Boolean> dots = elements.get(element);
        return dots != null && !dots.live().isEmpty();
    }

    /**
     * The additions of {@code element} that are not removed, ordered: a removal names them.
     *
     * @param element name of the element.
     */
    public List<Dot> dotsOf(String element) {
        final Dots<Boolean> dots = elements.get(element);
        return dots == null ? List.of() : dots.live().keySet().stream().sorted().toList();
    }

    /** Number of elements in the set. */
    public int size() {
        return size;
    }

    /** The elements, ordered; a copy. */
    public SortedSet<String> elements() {
        final SortedSet<String> present = new TreeSet<>();
        elements.forEach((element, dots) -> {
            if (!dots.live().isEmpty()) {
                present.add(element);
            }
        });
        return present;
    }

    /**
     * Joins {@code other} into this set; true if something changed.
     *
     * @param other stays as it is.
     */
    public boolean join(OrSet other) {
        boolean changed = false;
        for (final Map.Entry<String, Dots<Boolean>> entry : other.elements.entrySet()) {
            changed |= change(entry.getKey(), dots -> dots.join(entry.getValue()));
        }
        return changed;
    }

    private boolean change(String element, Predicate<Dots<Boolean>> change) {
        final Dots<Boolean> before = elements.get(element);
        final Dots<Boolean> dots = before == null ? new Dots<>() : before;
        final boolean wasPresent = !dots.live().isEmpty();
        if (!change.test(dots)) {
            return false;
        }
        if (before == null) {
            elements.put(element, dots);
        }
        size += (dots.live().isEmpty() ? 0 : 1) - (wasPresent ? 1 : 0);
        return true;
    }

    /** Whether both are the same point of the lattice: elements and removals. */
    @Override
    public boolean equals(Object other) {
        return other instanceof OrSet that && elements.equals(that.elements);
    }

    @Override
    public int hashCode() {
        return elements.hashCode();
    }
}
