package io.millrace.crdt;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.PnCounter;
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
    private final OperationAuthor author;
    private final Map<ActorId, AuthorMark> marks = new HashMap<>();

    OwnChain(AcceptedOperations accepted, PendingOperations pending, OperationAuthor author) {
        this.accepted = accepted;
        this.pending = pending;
        this.author = author;
    }

    void remember(AuthorMark mark) {
        if (!mark.twin().equals(accepted.state().id())) {
            throw new IllegalArgumentException("the mark is of another document: twin=" + mark.twin());
        }
        marks.put(mark.actor(), mark);
    }

    /** The mark of an actor on this replica; empty if it has signed nothing here. */
    Optional<AuthorMark> mark(ActorId actor) {
        return accepted.graph().chain(actor).map(chain -> {
            final int last = author.longestTip(chain);
            return new AuthorMark(
                    accepted.state().id(),
                    actor,
                    accepted.graph().sequence(last),
                    accepted.graph().id(last),
                    new TreeMap<>(accepted.state().sumsOf(actor)));
        });
    }

    /**
     * Refuses an actor of whom something is missing.
     *
     * @throws IllegalStateException if so; the message says what to do.
     */
    void requireWhole(ActorId actor) {
        final AuthorMark mark = marks.get(actor);
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
