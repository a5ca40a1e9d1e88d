package io.millrace.crdt.op;

import io.millrace.crdt.type.OperationId;
import java.util.Set;

/**
 * The point in a document from which on operations of an actor have no effect.
 *
 * <p>Valid stays an operation that this names, and every earlier operation of the same actor that leads to it by backlinks.
 * Every other operation of the actor is void: it has no effect on the document, and enters the graph only where a valid
 * operation of another actor names it. That follows from the operations alone, so replicas with the same revocations hold
 * the same document in whatever order the operations arrive.
 *
 * @param lastValid names of the last valid operations, normally one in each document; if empty, every operation is void.
 */
public record Revocation(Set<OperationId> lastValid) {
    /** Most operations that one revocation names. */
    public static final int MAX_POINTS = 1024;

    /** Copies the set. */
    public Revocation {
        if (lastValid.size() > MAX_POINTS) {
            throw new IllegalArgumentException(
                    "a revocation names at most " + MAX_POINTS + " operations: count=" + lastValid.size());
        }
        lastValid = Set.copyOf(lastValid);
    }

    /**
     * A revocation after one operation.
     *
     * @param lastValid the last operation that stays valid.
     */
    public static Revocation after(OperationId lastValid) {
        return new Revocation(Set.of(lastValid));
    }

    /**
     * The revocation that follows from a proof: valid stay the operations before the two that contradict each other, and
     * both branches are void.
     *
     * @param proof names the point where the branches part: both operations follow the same one.
     * @param verifier checks the two signatures.
     * @throws IllegalArgumentException if the proof is not valid, or the branches part before the two operations.
     */
    public static Revocation by(EquivocationProof proof, OperationVerifier verifier) {
        if (!proof.isValid(verifier)) {
            throw new IllegalArgumentException("the two operations do not prove an equivocation");
        }
        final OperationId before = proof.first().header().backlink();
        if (before == null) {
            return new Revocation(Set.of());
        }
        if (!before.equals(proof.second().header().backlink())) {
            throw new IllegalArgumentException("the branches part before the two operations: use the proof with the"
                    + " lowest number of this actor: sequence=" + proof.sequence());
        }
        return after(before);
    }
}
