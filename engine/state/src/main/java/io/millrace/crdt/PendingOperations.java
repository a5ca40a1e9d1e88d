package io.millrace.crdt;

import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * Verified operations that come after operations which are not here yet, by the first one that is missing.
 *
 * <p>Bounded in number and in bytes, per actor and for all together; a dropped operation is asked for again. Within an
 * actor's share those with the lowest sequence numbers stay, because the graph takes them first. Where all together are too
 * many, the actor that has most gives way: an actor keeps whatever is below an equal share of the room, and a flood of one
 * actor costs the others nothing as long as they need no more than its own bound leaves.
 *
 * <p>Not thread safe.
 */
final class PendingOperations {
    private static final Comparator<Waiting> LOWEST_FIRST = Comparator.comparingInt(
                    (Waiting each) -> each.operation.header().sequence())
            .thenComparing(each -> each.operation.id());

    private final ReplicaLimits limits;
    private final Map<OperationId, List<Waiting>> waiting = new HashMap<>();
    private final Map<OperationId, Waiting> byId = new HashMap<>();
    private final Map<ActorId, Share> shares = new HashMap<>();
    private long length;

    PendingOperations(ReplicaLimits limits) {
        this.limits = limits;
    }

    int size() {
        return byId.size();
    }

    boolean contains(OperationId id) {
        return byId.containsKey(id);
    }

    /** Whether an operation waits for this one. */
    boolean isWaitedFor(OperationId id) {
        return waiting.containsKey(id);
    }

    /** Number of an actor's operations that wait. */
    int countOf(ActorId actor) {
        final Share share = shares.get(actor);
        return share == null ? 0 : share.ordered.size();
    }

    /** Keeps an operation until {@code missing} comes; false if there is no room. */
    boolean add(SignedOperation operation, byte[] encoded, OperationId missing) {
        final Waiting fresh = new Waiting(operation, encoded, missing);
        final ActorId actor = operation.header().actor();
        final Share own = shares.getOrDefault(actor, new Share());
        if (encoded.length > Math.min(limits.pendingLength(), limits.pendingLengthOfOneActor())
                || !fitsInShare(fresh, own)
                || !fitsInAll(fresh, own)) {
            return false;
        }
        byId.put(operation.id(), fresh);
        own.add(fresh);
        shares.put(actor, own);
        length += encoded.length;
        waiting.computeIfAbsent(missing, absent -> new ArrayList<>(1)).add(fresh);
        return true;
    }

    /** Takes out what waited for {@code arrived}. */
    List<Waiting> take(OperationId arrived) {
        final List<Waiting> released = waiting.remove(arrived);
        if (released == null) {
            return List.of();
        }
        released.forEach(this::forget);
        return released;
    }

    private boolean fitsInShare(Waiting fresh, Share own) {
        while (own.ordered.size() >= limits.pendingOfOneActor()
                || own.length + fresh.encoded.length > limits.pendingLengthOfOneActor()) {
            if (!dropAfter(fresh, own)) {
                return false;
            }
        }
        return true;
    }

    private boolean fitsInAll(Waiting fresh, Share own) {
        while (byId.size() >= limits.pendingOperations()) {
            if (!giveWay(fresh, own, own.ordered.size() + 1L, share -> share.ordered.size())) {
                return false;
            }
        }
        while (length + fresh.encoded.length > limits.pendingLength()) {
            if (!giveWay(fresh, own, own.length + fresh.encoded.length, share -> share.length)) {
                return false;
            }
        }
        return true;
    }

    /** Drops an operation of the actor that has most; that may be the author of {@code fresh}. */
    private boolean giveWay(Waiting fresh, Share own, long needed, ToLongFunction<Share> size) {
        Share most = own;
        long largest = needed;
        for (final Share each : shares.values()) {
            if (size.applyAsLong(each) > largest) {
                most = each;
                largest = size.applyAsLong(each);
            }
        }
        if (most == own) {
            return dropAfter(fresh, own);
        }
        drop(most.ordered.last());
        return true;
    }

    /** Drops the last operation of the author of {@code fresh} if it comes after {@code fresh}. */
    private boolean dropAfter(Waiting fresh, Share own) {
        if (own.ordered.isEmpty() || LOWEST_FIRST.compare(own.ordered.last(), fresh) < 0) {
            return false;
        }
        drop(own.ordered.last());
        return true;
    }

    private void drop(Waiting dropped) {
        final List<Waiting> same = waiting.get(dropped.missing);
        same.remove(dropped);
        if (same.isEmpty()) {
            waiting.remove(dropped.missing);
        }
        forget(dropped);
    }

    private void forget(Waiting each) {
        final ActorId actor = each.operation.header().actor();
        final Share share = shares.get(actor);
        byId.remove(each.operation.id());
        share.remove(each);
        if (share.ordered.isEmpty()) {
            shares.remove(actor);
        }
        length -= each.encoded.length;
    }

    /** The waiting operations of one actor. */
    private static final class Share {
        private final TreeSet<Waiting> ordered = new TreeSet<>(LOWEST_FIRST);
        private long length;

        void add(Waiting each) {
            ordered.add(each);
            length += each.encoded.length;
        }

        void remove(Waiting each) {
            ordered.remove(each);
            length -= each.encoded.length;
        }
    }

    /** An operation, its encoding, and the operation that it waits for. */
    static final class Waiting {
        private final SignedOperation operation;
        private final byte[] encoded;
        private final OperationId missing;

        Waiting(SignedOperation operation, byte[] encoded, OperationId missing) {
            this.operation = operation;
            this.encoded = encoded;
            this.missing = missing;
        }

        SignedOperation operation() {
            return operation;
        }

        byte[] encoded() {
            return encoded;
        }
    }
}
