package io.millrace.crdt;

import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Frontier;
import io.millrace.crdt.type.Frontier.Head;
import io.millrace.crdt.type.Frontier.Tip;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.StoredTwinState.Coverage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;

/**
 * The end of a hash graph, kept up to date without the graph: each actor's last operation, and the heads. Signing needs
 * nothing else.
 *
 * <p>Not thread safe.
 */
final class GraphEnd {
    private final Map<ActorId, Tip> tips = new LinkedHashMap<>();
    private final SequencedMap<OperationId, Long> heads = new LinkedHashMap<>(); // with their effective times
    private int operations;

    /** Of an empty graph. */
    GraphEnd() {}

    /** As it was left. */
    GraphEnd(Frontier left) {
        left.tips().forEach(tip -> tips.put(tip.actor(), tip));
        left.heads().forEach(head -> heads.put(head.operation(), head.time()));
        operations = left.operations();
    }

    /** Number of operations in the graph. */
    int operations() {
        return operations;
    }

    /** The actor's last operation, of several branches the longest; empty if the graph has none. */
    Optional<Tip> tip(ActorId actor) {
        return Optional.ofNullable(tips.get(actor));
    }

    /** The last operation of each actor, in the order of the actors' first ones. */
    Collection<Tip> tips() {
        return tips.values();
    }

    /** Names of the valid operations that no valid one follows, the latest accepted last. */
    SequencedCollection<OperationId> heads() {
        return heads.sequencedKeySet();
    }

    /** Effective time of an operation that names only its author's last one and heads ({@link OperationGraph#time}). */
    long effectiveTime(OperationHeader header) {
        long time = header.time();
        if (header.backlink() != null) {
            time = OperationGraph.after(tips.get(header.actor()).time(), time);
        }
        for (final OperationId predecessor : header.predecessors()) {
            time = OperationGraph.after(heads.get(predecessor), time);
        }
        return time;
    }

    /**
     * Adds an operation.
     *
     * @param time its effective time.
     * @param isHead whether it takes the place of the operations that it names among the heads.
     */
    void add(OperationId id, OperationHeader header, long time, boolean isHead) {
        operations++;
        final Tip tip = tips.get(header.actor());
        if (tip == null || header.sequence() > tip.sequence()) {
            tips.put(header.actor(), new Tip(header.actor(), header.sequence(), id, time));
        }
        if (isHead) {
            removeHeads(header);
            heads.put(id, time);
        }
    }

    /** Takes the operations that {@code header} names out of the heads. */
    void removeHeads(OperationHeader header) {
        heads.remove(header.backlink());
        header.predecessors().forEach(heads::remove);
    }

    /** To be left with a state; empty if it is too large. */
    Optional<Frontier> frontier(Coverage coverage, int withoutPayload, long latestReading) {
        if (tips.size() > Frontier.MAX_COUNT || heads.size() > Frontier.MAX_COUNT) {
            return Optional.empty();
        }
        final List<Head> last = new ArrayList<>(heads.size());
        heads.forEach((operation, time) -> last.add(new Head(operation, time)));
        return Optional.of(
                new Frontier(coverage, operations, withoutPayload, latestReading, List.copyOf(tips.values()), last));
    }
}
