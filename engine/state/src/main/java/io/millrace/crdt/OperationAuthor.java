package io.millrace.crdt;

import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Frontier.Tip;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.Ed25519KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Signs new operations, each after everything that is in the graph, of which it needs the end only. Not thread safe. */
final class OperationAuthor {
    private final TwinId twin;
    private final OperationCodec codec;

    OperationAuthor(TwinId twin, OperationCodec codec) {
        this.twin = twin;
        this.codec = codec;
    }

    /** Signs a payload as the next operation of {@code actor}, whose key it is. */
    SignedOperation sign(Ed25519KeyPair key, ActorId actor, long time, byte[] payload, GraphEnd end) {
        return codec.sign(key, header(actor, time, payload, end), payload);
    }

    private OperationHeader header(ActorId actor, long time, byte[] payload, GraphEnd end) {
        final Optional<Tip> tip = end.tip(actor);
        final OperationId backlink = tip.map(Tip::operation).orElse(null);
        final List<OperationId> others = new ArrayList<>();
        for (final OperationId head : end.heads().reversed()) {
            if (!head.equals(backlink) && others.size() < OperationHeader.MAX_PREDECESSORS) {
                others.add(head);
            }
        }
        return new OperationHeader(
                twin,
                actor,
                tip.map(last -> last.sequence() + 1).orElse(0),
                time,
                backlink,
                others.stream().sorted().toList(),
                payload.length,
                codec.hashOf(payload));
    }
}
