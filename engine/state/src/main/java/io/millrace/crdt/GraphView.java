package io.millrace.crdt;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;

/**
 * Read-only view of a replica's hash graph, for anti-entropy. Operations have positions: 0 for the first that the replica
 * accepted, predecessors before their successors.
 *
 * <p>Not thread safe; valid while its replica is open.
 */
public final class GraphView {
    /** {@link #find}, {@link #backlink}: no such operation. */
    public static final int ABSENT = OperationGraph.ABSENT;

    private final AcceptedOperations accepted;
    private final OperationGraph graph;
    private final HeldOperations held;

    GraphView(AcceptedOperations accepted, HeldOperations held) {
        this.accepted = accepted;
        this.graph = accepted.graph();
        this.held = held;
    }

    /** The actors that have operations in the graph, in the order of their first ones. */
    public List<ActorId> actors() {
        return graph.chains().stream().map(ActorChain::actor).toList();
    }

    /**
     * Number of operations in an actor's chain, those of other branches not counted.
     *
     * @param actor any actor.
     */
    public int length(ActorId actor) {
        return graph.chain(actor).map(ActorChain::length).orElse(0);
    }

    /**
     * Position of an operation in an actor's chain.
     *
     * @param actor any actor.
     * @param sequence number of the operation, 0 or more.
     * @return {@link #ABSENT} if the chain does not reach that far.
     */
    public int at(ActorId actor, int sequence) {
        return graph.chain(actor).map(chain -> chain.at(sequence)).orElse(ABSENT);
    }

    /**
     * Positions of an actor's operations that no other of the actor follows, ordered; not to be changed.
     *
     * @param actor that has operations in the graph.
     */
    public NavigableSet<Integer> tips(ActorId actor) {
        return graph.chain(actor).orElseThrow().tips();
    }

    /**
     * Position of an operation.
     *
     * @param id its name.
     * @return {@link #ABSENT} if it is not in the graph.
     */
    public int find(OperationId id) {
        return graph.find(id);
    }

    /**
     * Name of the operation at a position.
     *
     * @param position of an operation.
     */
    public OperationId id(int position) {
        return graph.id(position);
    }

    /**
     * Names of operations, ordered.
     *
     * @param positions of operations.
     */
    public List<OperationId> ids(Collection<Integer> positions) {
        return graph.ids(positions);
    }

    /**
     * Position of the author's operation before.
     *
     * @param position of an operation.
     * @return {@link #ABSENT} for the author's first.
     */
    public int backlink(int position) {
        return graph.backlink(position);
    }

    /**
     * Sequence number of an operation.
     *
     * @param position of the operation.
     */
    public int sequence(int position) {
        return graph.sequence(position);
    }

    /**
     * Author of an operation.
     *
     * @param position of the operation.
     */
    public ActorId actor(int position) {
        return graph.chainOf(position).actor();
    }

    /**
     * Whether an operation is on its author's chain, and not on another branch.
     *
     * @param position of the operation.
     */
    public boolean isOnChain(int position) {
        return graph.isOnChain(position);
    }

    /**
     * Whether the actor is not revoked, or all operations that lead to the point of its revocation are in the graph.
     *
     * @param actor any actor.
     */
    public boolean isDecided(ActorId actor) {
        return accepted.standing().isDecided(actor);
    }

    /**
     * Whether an operation has no effect and no valid operation follows it.
     *
     * @param position of the operation.
     */
    public boolean isDormant(int position) {
        return accepted.standing().isDormant(position);
    }

    /** Positions of valid operations whose payload is missing, ordered; a copy. */
    public List<Integer> withoutPayload() {
        return List.copyOf(accepted.withoutPayload());
    }

    /**
     * Whether an operation is valid and its payload is missing.
     *
     * @param position of the operation, or {@link #ABSENT}.
     */
    public boolean isWithoutPayload(int position) {
        return accepted.withoutPayload().contains(position);
    }

    /**
     * Encoding of an operation.
     *
     * @param position of the operation.
     * @throws IOException if the log cannot be read.
     */
    public byte[] encoded(int position) throws IOException {
        return accepted.encoded(position);
    }

    /**
     * Whether an operation of a revoked author is kept outside the graph, in case a valid operation names it.
     *
     * @param id name of the operation.
     */
    public boolean holds(OperationId id) {
        return held.contains(id);
    }
}
