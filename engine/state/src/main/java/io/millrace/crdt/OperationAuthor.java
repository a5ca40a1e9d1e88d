package io.millrace.crdt;

import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Signs new operations, each after everything that is in the graph. Not thread safe. */
final class OperationAuthor {
    private final TwinId twin;
    private final OperationGraph graph;
    private final OperationCodec codec;

    OperationAuthor(TwinId twin, OperationGraph graph, OperationCodec codec) {
        this.twin = twin;
        this.graph = graph;
        this.codec = codec;
    }

    /** Signs a payload as the next operation of {@code actor}, whose key it is. */
    SignedOperation sign(Ed25519KeyPair key, ActorId actor, long time, byte[] payload) {
        return sign(key, header(actor, time, payload), payload);
    }

    private OperationHeader header(ActorId actor, long time, byte[] payload) {
        final int tip = graph.chain(actor).map(this::longestTip).orElse(OperationGraph.ABSENT);
        final List<Integer> others = new ArrayList<>();
        for (final int head : graph.heads().reversed()) {
            if (head != tip && others.size() < OperationHeader.MAX_PREDECESSORS) {
                others.add(head);
            }
        }
        return new OperationHeader(
                twin,
                actor,
                tip == OperationGraph.ABSENT ? 0 : graph.sequence(tip) + 1,
                time,
                tip == OperationGraph.ABSENT ? null : graph.id(tip),
                graph.ids(others),
                payload.length,
                codec.hashOf(payload));
    }

    /** Position of the last operation of a chain, of several branches the longest. */
    int longestTip(ActorChain chain) {
        int longest = chain.tips().first();
        for (final int tip : chain.tips()) {
            if (graph.sequence(tip) > graph.sequence(longest)) {
                longest = tip;
            }
        }
        return longest;
    }

    private SignedOperation sign(Ed25519KeyPair key, OperationHeader header, byte[] payload) {
        final byte[] headerBytes = codec.encode(header);
        final OperationId id = codec.idOf(headerBytes);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment message = arena.allocate(OperationCodec.MESSAGE_LENGTH);
            final MemorySegment signature = arena.allocate(Ed25519.SIGNATURE_LENGTH);
            OperationCodec.writeMessage(message, 0, id);
            key.sign(signature, message);
            return new SignedOperation(id, header, headerBytes, signature.toArray(ValueLayout.JAVA_BYTE), payload);
        }
    }
}
