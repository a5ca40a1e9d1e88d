package io.millrace.crdt;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.PnCounter;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.TwinState;
import io.millrace.crdt.type.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes that one actor is about to sign together, each made against the document as it is: a removal names what there is
 * to remove, a count starts from the actor's sums. Made by {@link Replica#draft}, signed by {@link Replica#issue}; the
 * replica takes no other operation in between.
 *
 * <p>Not thread safe.
 */
public final class Draft {
    private final TwinState state;
    private final ActorId actor;
    private final List<TwinOperation> operations = new ArrayList<>();
    private final Map<String, PnCounter.Sums> sums = new HashMap<>();

    Draft(TwinState state, ActorId actor) {
        this.state = state;
        this.actor = actor;
    }

    /**
     * Writes a property.
     *
     * @param key of the property.
     * @param value of the property.
     */
    public Draft set(String key, Value value) {
        operations.add(new TwinOperation.Set(key, value));
        return this;
    }

    /**
     * Deletes a property, there or not.
     *
     * @param key of the property.
     */
    public Draft delete(String key) {
        operations.add(new TwinOperation.Delete(key));
        return this;
    }

    /**
     * Adds an element to a set.
     *
     * @param set name of the set.
     * @param element name of the element.
     */
    public Draft add(String set, String element) {
        operations.add(new TwinOperation.Add(set, element));
        return this;
    }

    /**
     * Removes an element from a set, as far as its additions are known; nothing if it is not there.
     *
     * @param set name of the set.
     * @param element name of the element.
     */
    public Draft remove(String set, String element) {
        operations.remove(new TwinOperation.Add(set, element));
        final List<Dot> seen = state.dotsOf(set, element);
        for (int from = 0; from < seen.size(); from += TwinOperation.MAX_DOTS) {
            final int end = Math.min(seen.size(), from + TwinOperation.MAX_DOTS);
            operations.add(new TwinOperation.Remove(set, element, seen.subList(from, end)));
        }
        return this;
    }

    /**
     * Raises a counter, or lowers it by a negative change.
     *
     * @param counter name of the counter.
     * @param change any number.
     * @throws IllegalArgumentException if the actor's sum would leave the range of a long.
     */
    public Draft increment(String counter, long change) {
        final PnCounter.Sums before = sums.getOrDefault(counter, state.sums(counter, actor));
        final PnCounter.Sums after = before.plus(change);
        sums.put(counter, after);
        operations.removeIf(each ->
                each instanceof TwinOperation.Count count && count.counter().equals(counter));
        operations.add(new TwinOperation.Count(counter, after.increments(), after.decrements()));
        return this;
    }

    /**
     * Assigns a register over the values that it has: the first {@link TwinOperation#MAX_DOTS} of them.
     *
     * @param register name of the register.
     * @param value assigned.
     */
    public Draft assign(String register, Value value) {
        operations.removeIf(each ->
                each instanceof TwinOperation.Assign assign && assign.register().equals(register));
        final List<Dot> current = state.currentDots(register);
        operations.add(new TwinOperation.Assign(
                register, value, current.subList(0, Math.min(current.size(), TwinOperation.MAX_DOTS))));
        return this;
    }

    /** Number of operations so far. */
    public int size() {
        return operations.size();
    }

    /** Who is going to sign. */
    ActorId actor() {
        return actor;
    }

    List<TwinOperation> operations() {
        return operations;
    }
}
