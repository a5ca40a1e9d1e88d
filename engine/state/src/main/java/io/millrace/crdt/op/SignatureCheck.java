package io.millrace.crdt.op;

import java.util.List;

/** Checks the signatures of many operations: one after another, or spread over threads. */
@FunctionalInterface
public interface SignatureCheck {
    /**
     * Checks {@code operations}, waiting until all are done.
     *
     * @param operations decoded.
     * @return for each, in the same order, whether its author signed it.
     */
    boolean[] verifyAll(List<SignedOperation> operations);
}
