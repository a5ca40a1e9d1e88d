package io.millrace.crdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Verified operations that come after operations which are not here yet, by the first one that is missing. Bounded in
 * number, in bytes and per actor; what does not fit is dropped and will be asked for again.
 *
 * <p>Not thread safe.
 */
final class PendingOperations {
    private final ReplicaLimits limits;
    private final Map<OperationId, List<Waiting>> waiting = new HashMap<>();
    private final Set<OperationId> ids = new HashSet<>();
    private final Map<ActorId, Integer> countOf = new HashMap<>();
    private long length;

    PendingOperations(ReplicaLimits limits) {
        this.limits = limits;
    }

    int size() {
        return ids.size();
    }

    boolean contains(OperationId id) {
        return ids.contains(id);
    }

    /** Keeps an operation until {@code missing} comes; false if there is no room. */
    boolean add(SignedOperation operation, byte[] encoded, OperationId missing) {
        final int ofActor = countOf.getOrDefault(operation.header().actor(), 0);
        if (ids.size() >= limits.pendingOperations()
                || ofActor >= limits.pendingOfOneActor()
                || length + encoded.length > limits.pendingLength()) {
            return false;
        }
        ids.add(operation.id());
        countOf.put(operation.header().actor(), ofActor + 1);
        length += encoded.length;
        waiting.computeIfAbsent(missing, absent -> new ArrayList<>(1)).add(new Waiting(operation, encoded));
        return true;
    }

    /** Takes out what waited for {@code arrived}. */
    List<Waiting> take(OperationId arrived) {
        final List<Waiting> released = waiting.remove(arrived);
        if (released == null) {
            return List.of();
        }
        for (final Waiting each : released) {
            ids.remove(each.operation.id());
            countOf.computeIfPresent(each.operation.header().actor(), (actor, count) -> count == 1 ? null : count - 1);
            length -= each.encoded.length;
        }
        return released;
    }

    /** An operation and its encoding. */
    static final class Waiting {
        private final SignedOperation operation;
        private final byte[] encoded;

        Waiting(SignedOperation operation, byte[] encoded) {
            this.operation = operation;
            this.encoded = encoded;
        }

        SignedOperation operation() {
            return operation;
        }

        byte[] encoded() {
            return encoded;
        }
    }
}
