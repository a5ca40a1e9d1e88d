package io.millrace.crdt.sync;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import java.util.List;

/**
 * What two replicas say to each other. Every message is bounded, and none is believed: operations that come are checked
 * like any others.
 */
public sealed interface SyncMessage {
    /** Most tips in a message. */
    int MAX_TIPS = 512;

    /** Most wants in a message. */
    int MAX_WANTS = 128;

    /** Most names that one want offers as known. */
    int MAX_HAVES = 48;

    /** Most payloads that are asked for at once. */
    int MAX_PAYLOADS = 256;

    /** Most operations in a message. */
    int MAX_OPERATIONS = 1024;

    /** Longest message in bytes. */
    int MAX_LENGTH = 1 << 20;

    /**
     * Asks for the tips from number {@code from} on, 0 or more.
     *
     * @param twin document.
     * @param from number of the first tip, 0 or more.
     */
    record TipsRequest(TwinId twin, int from) implements SyncMessage {}

    /**
     * Tips in the sender's order, and whether there are more.
     *
     * @param tips in the sender's order.
     * @param more whether there are further tips.
     */
    record Tips(List<Tip> tips, boolean more) implements SyncMessage {
        /** Copies the list. */
        public Tips {
            tips = List.copyOf(tips);
        }
    }

    /**
     * Asks for what leads to tips, and for payloads of operations that are known without them.
     *
     * @param twin document.
     * @param wants unknown tips.
     * @param payloads operations that are known without their payload.
     */
    record Wants(TwinId twin, List<Want> wants, List<OperationId> payloads) implements SyncMessage {
        /** Copies the lists. */
        public Wants {
            wants = List.copyOf(wants);
            payloads = List.copyOf(payloads);
        }

        boolean isEmpty() {
            return wants.isEmpty() && payloads.isEmpty();
        }
    }

    /**
     * Encoded operations, each after those of them that it names.
     *
     * @param operations encoded, predecessors first.
     */
    record Operations(List<byte[]> operations) implements SyncMessage {
        /** Copies the list. */
        public Operations {
            operations = List.copyOf(operations);
        }
    }

    /**
     * The end of a branch of an actor's operations.
     *
     * @param actor author of the branch.
     * @param operation last one of the branch.
     */
    record Tip(ActorId actor, OperationId operation) {}

    /**
     * A tip that is not known, and names on its author's branches that are.
     *
     * @param tip that is not known.
     * @param haves known operations of the tip's author.
     */
    record Want(OperationId tip, List<OperationId> haves) {
        /** Copies the list. */
        public Want {
            haves = List.copyOf(haves);
        }
    }
}
