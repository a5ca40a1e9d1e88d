package io.millrace.crdt;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.PnCounter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether a replica has everything that an actor has signed, as far as the replica and the actor's mark can tell. An author
 * who signs on a replica that lacks the author's operations uses a sequence number twice; one who signs where payloads are
 * missing counts too low.
 *
 * <p>Not thread safe.
 */
final class OwnChain {
    private final AcceptedOperations accepted;
    private final PendingOperations pending;
    private final Map<ActorId, AuthorMark> marks = new HashMap<>();

    OwnChain(AcceptedOperations accepted, PendingOperations pending) {
        this.accepted = accepted;
        this.pending = pending;
    }

    void remember(AuthorMark mark) {
        if (!mark.twin().equals(accepted.state().id())) {
            throw new IllegalArgumentException("the mark is of another document: twin=" + mark.twin());
        }
        marks.put(mark.actor(), mark);
    }

    /** The mark of an actor on this replica; empty if it has signed nothing here. */
    Optional<AuthorMark> mark(ActorId actor) throws IOException {
        return accepted.end()
                .tip(actor)
                .map(last -> new AuthorMark(
                        accepted.state().id(),
                        actor,
                        last.sequence(),
                        last.operation(),
                        new TreeMap<>(accepted.state().sumsOf(actor))));
    }

    /**
     * Refuses an actor of whom something is missing. Fills the graph only if its end does not tell.
     *
     * @throws IllegalStateException if so; the message says what to do.
     * @throws IOException if the log cannot be read.
     */
    void requireWhole(ActorId actor) throws IOException {
        final AuthorMark mark = marks.get(actor);
        if (accepted.isLoaded() || !isWholeByTheEnd(actor, mark)) {
            accepted.load();
            requireWholeInGraph(actor, mark);
        } else if (mark != null) {
            requireSums(mark);
        }
    }

    /** Whether the mark names the last operation of all; without a mark, whether no payload is missing. */
    private boolean isWholeByTheEnd(ActorId actor, AuthorMark mark) throws IOException {
        final GraphEnd end = accepted.end();
        return mark == null
                ? accepted.withoutPayloadCount() == 0
                : end.tip(actor)
                        .filter(tip -> tip.operation().equals(mark.operation()))
                        .isPresent();
    }

    private void requireWholeInGraph(ActorId actor, AuthorMark mark) {
        final OperationGraph graph = accepted.graph();
        final int known = mark == null ? OperationGraph.ABSENT : graph.find(mark.operation());
        if (mark != null && known == OperationGraph.ABSENT) {
            final int here = graph.chain(actor).map(ActorChain::length).orElse(0);
            throw new IllegalStateException(
                    "this copy lacks operations that the key has signed; sync it with a copy that"
                            + " has them: signed=" + (mark.sequence() + 1L) + ", here=" + here + ", last="
                            + mark.operation());
        }
        if (pending.countOf(actor) > 0) {
            throw new IllegalStateException("operations that the key has signed wait for others that are missing here;"
                    + " sync with a copy that has them: waiting=" + pending.countOf(actor));
        }
        if (mark != null) {
            requireSums(mark);
        }
        if (graph.chain(actor).isPresent()) {
            requirePayloads(actor, known);
        }
    }

    private void requireSums(AuthorMark mark) {
        for (final Map.Entry<String, PnCounter.Sums> each : mark.sums().entrySet()) {
            final PnCounter.Sums here = accepted.state().sums(each.getKey(), mark.actor());
            if (here.increments() < each.getValue().increments()
                    || here.decrements() < each.getValue().decrements()) {
                throw new IllegalStateException(
                        "payloads of operations that the key has signed are missing here; sync with"
                                + " a copy that has them: counter=" + each.getKey());
            }
        }
    }

    /**
     * Up to the mark the sums show that enough is here; operations that the key signed elsewhere after it must be complete.
     */
    private void requirePayloads(ActorId actor, int known) {
        for (final int position : accepted.withoutPayload().tailSet(known + 1)) {
            if (accepted.graph().chainOf(position).actor().equals(actor)) {
                throw new IllegalStateException(
                        "the payload of an operation that the key has signed is missing here; sync"
                                + " with a copy that has it: operation="
                                + accepted.graph().id(position));
            }
        }
    }
}
