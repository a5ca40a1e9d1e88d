package io.millrace.crdt.type;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Additions and removals by dot: what {@link OrSet} and {@link MvRegister} have in common. A dot goes from unknown to live
 * to removed and never back, in whatever order it is told, so a join takes the further one of each.
 */
final class Dots<V> {
    private final Map<Dot, V> live = new HashMap<>(2);
    private Set<Dot> removed = Set.of();

    boolean add(Dot dot, V value) {
        return !removed.contains(dot) && live.putIfAbsent(dot, value) == null;
    }

    /** A removal of a dot that is not known yet is kept: it makes the addition void when it comes. */
    boolean remove(Dot dot) {
        if (removed.isEmpty()) {
            removed = new HashSet<>(2);
        }
        live.remove(dot);
        return removed.add(dot);
    }

    boolean join(Dots<V> other) {
        boolean changed = false;
        for (final Dot dot : other.removed) {
            changed |= remove(dot);
        }
        for (final Map.Entry<Dot, V> entry : other.live.entrySet()) {
            changed |= add(entry.getKey(), entry.getValue());
        }
        return changed;
    }

    Map<Dot, V> live() {
        return live;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dots<?> that && live.equals(that.live) && removed.equals(that.removed);
    }

    @Override
    public int hashCode() {
        return live.hashCode() + 31 * removed.hashCode();
    }
}
