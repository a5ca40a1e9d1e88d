package io.millrace.crdt;

import io.millrace.crdt.type.ActorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agrona.collections.IntArrayList;

/**
 * Operations signed by one actor: an unbroken chain of positions by sequence number, and, if the actor equivocates,
 * the operations of other branches. Which branch is the chain depends on the order of arrival and means nothing.
 *
 * <p>Not thread safe.
 */
final class ActorChain {
    /** {@link #at}: the chain does not reach that far. */
    static final int NONE = -1;

    private final ActorId actor;
    private final IntArrayList chain = new IntArrayList();
    private final Map<Integer, List<Integer>> others = new TreeMap<>();
    private final NavigableSet<Integer> tips = new TreeSet<>();

    ActorChain(ActorId actor) {
        this.actor = actor;
    }

    ActorId actor() {
        return actor;
    }

    /** Number of operations in the chain. */
    int length() {
        return chain.size();
    }

    /** Position of the operation with that sequence number in the chain, or {@link #NONE}. */
    int at(int sequence) {
        return sequence >= 0 && sequence < chain.size() ? chain.getInt(sequence) : NONE;
    }

    /** Positions of operations that no other one follows, at least one per branch, ordered. */
    NavigableSet<Integer> tips() {
        return tips;
    }

    /** Adds an operation whose backlink, {@link #NONE} for the first, was added; true if its number was used before. */
    boolean add(int position, int sequence, int backlink) {
        final boolean usedBefore = sequence < chain.size() || others.containsKey(sequence);
        if (sequence == chain.size() && backlink == at(sequence - 1)) {
            chain.addInt(position);
        } else {
            others.computeIfAbsent(sequence, absent -> new ArrayList<>()).add(position);
        }
        tips.remove(backlink);
        tips.add(position);
        return usedBefore;
    }

    /** Positions of all operations with that sequence number. */
    List<Integer> allAt(int sequence) {
        final List<Integer> all = new ArrayList<>(others.getOrDefault(sequence, List.of()));
        if (sequence < chain.size()) {
            all.add(0, chain.getInt(sequence));
        }
        return all;
    }

    /** The sequence numbers that were used more than once, ordered. */
    List<Integer> contradictions() {
        return others.keySet().stream()
                .filter(sequence -> allAt(sequence).size() > 1)
                .toList();
    }
}
