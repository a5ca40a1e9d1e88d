package io.millrace.crdt;

import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Void operations of revoked actors, without payload, that enter the graph only if a valid operation names them. Bounded;
 * where there is no room, the oldest one of the actor that has most is dropped.
 *
 * <p>Not thread safe.
 */
final class HeldOperations {
    private final int limit;
    private final Map<OperationId, SignedOperation> operations = new HashMap<>();
    private final Map<ActorId, SequencedSet<OperationId>> byActor = new HashMap<>();

    HeldOperations(int limit) {
        this.limit = limit;
    }

    int size() {
        return operations.size();
    }

    Optional<SignedOperation> find(OperationId id) {
        return Optional.ofNullable(operations.get(id));
    }

    boolean contains(OperationId id) {
        return operations.containsKey(id);
    }

    void add(SignedOperation operation) {
        if (operations.size() == limit) {
            dropOne();
        }
        operations.put(operation.id(), operation.withoutPayload());
        byActor.computeIfAbsent(operation.header().actor(), absent -> new LinkedHashSet<>())
                .add(operation.id());
    }

    void remove(OperationId id) {
        final SignedOperation operation = operations.remove(id);
        final ActorId actor = operation.header().actor();
        final SequencedSet<OperationId> ofActor = byActor.get(actor);
        ofActor.remove(id);
        if (ofActor.isEmpty()) {
            byActor.remove(actor);
        }
    }

    private void dropOne() {
        final Iterator<SequencedSet<OperationId>> shares = byActor.values().iterator();
        SequencedSet<OperationId> most = shares.next();
        while (shares.hasNext()) {
            final SequencedSet<OperationId> each = shares.next();
            most = each.size() > most.size() ? each : most;
        }
        remove(most.getFirst());
    }
}
