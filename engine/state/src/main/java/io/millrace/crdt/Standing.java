package io.millrace.crdt;

import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Which operations of the graph have an effect, and which ones a valid operation leads to: all but some operations of
 * revoked actors.
 *
 * <p>An actor's revocation is decided once the graph has the point that it names. Until then no operation of the actor has
 * an effect, and each is taken into the graph, because it may lead to the point.
 *
 * <p>Not thread safe.
 */
final class Standing {
    private final ActorRegistry registry;
    private final Set<ActorId> decided = new HashSet<>();
    private final BitSet withoutEffect = new BitSet();
    private final BitSet dormant = new BitSet();

    Standing(ActorRegistry registry) {
        this.registry = registry;
    }

    /** Whether the author may sign, or is revoked and this is its last valid operation: known before the graph has it. */
    boolean isValidByItself(SignedOperation operation) {
        return registry.revocation(operation.header().actor())
                .map(revocation -> revocation.lastValid().contains(operation.id()))
                .orElse(true);
    }

    /** Whether the operation, which the graph does not have, leads to no point of its author's revocation. */
    boolean isVoidForGood(SignedOperation operation) {
        final ActorId actor = operation.header().actor();
        return !isValidByItself(operation) && isDecided(actor);
    }

    /** Whether the author's operations that lead to the point of its revocation are all in the graph. */
    boolean isDecided(ActorId actor) {
        return decided.contains(actor)
                || registry.revocation(actor)
                        .map(revocation -> revocation.lastValid().isEmpty())
                        .orElse(true);
    }

    /** Notes that the graph has the point of the author's revocation; false if the author is not revoked. */
    boolean decide(ActorId actor) {
        if (registry.revocation(actor).isEmpty()) {
            return false;
        }
        decided.add(actor);
        return true;
    }

    /** An operation that has no effect, and that no valid one follows, was added. */
    void addVoid(int position) {
        withoutEffect.set(position);
        dormant.set(position);
    }

    /** Whether the operation has no effect. */
    boolean isVoid(int position) {
        return withoutEffect.get(position);
    }

    /** The operation has an effect from now on. */
    void makeValid(int position) {
        withoutEffect.clear(position);
    }

    /** Whether the operation has no effect and no valid one follows it. */
    boolean isDormant(int position) {
        return dormant.get(position);
    }

    /** A valid operation follows this one from now on; false if one did before. */
    boolean wake(int position) {
        final boolean slept = dormant.get(position);
        dormant.clear(position);
        return slept;
    }

    /** Number of operations without effect. */
    int voidCount() {
        return withoutEffect.cardinality();
    }
}
