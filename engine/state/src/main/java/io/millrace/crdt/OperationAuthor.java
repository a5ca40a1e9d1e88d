package io.millrace.crdt;

import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.Ed25519KeyPair;
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
        return codec.sign(key, header(actor, time, payload), payload);
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
}
