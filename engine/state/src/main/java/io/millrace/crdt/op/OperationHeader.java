package io.millrace.crdt.op;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.PayloadHash;
import io.millrace.crdt.type.TwinId;
import java.util.List;

/**
 * The part of an operation that its author signs: author, sequence number, time, predecessors, and the payload's hash.
 *
 * @param twin the document it belongs to.
 * @param actor its author.
 * @param sequence 0 for the author's first operation in this document, one more for each further one.
 * @param time reading of the author's hybrid clock; later than those of the backlink and all predecessors.
 * @param backlink the author's operation before; null exactly if {@code sequence} is 0.
 * @param predecessors further operations that the author had seen and that no other had followed, ordered; at most
 *     {@link #MAX_PREDECESSORS}.
 * @param payloadLength in bytes, 1 to 65,536.
 * @param payloadHash of the payload.
 */
public record OperationHeader(
        TwinId twin,
        ActorId actor,
        int sequence,
        long time,
        OperationId backlink,
        List<OperationId> predecessors,
        int payloadLength,
        PayloadHash payloadHash) {
    /** Most predecessors in addition to the backlink. */
    public static final int MAX_PREDECESSORS = 64;

    /** Copies the list. */
    public OperationHeader {
        predecessors = List.copyOf(predecessors);
    }
}
