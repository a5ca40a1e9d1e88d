package io.millrace.crdt.sync;

import io.millrace.crdt.GraphView;
import io.millrace.crdt.Replica;
import io.millrace.crdt.ReplicaLimits;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.SignatureCheck;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The asking side of anti-entropy: brings one replica everything that another one has.
 *
 * <p>The other side names its tips, the last operation of each branch of each actor. For every tip that is not known here
 * it is asked for what leads to it, and is told names that are known here, at growing distances back, so that it can begin
 * near the first missing one. It answers in its own graph's order, in which predecessors come first. That is
 * repeated until every tip is known, or the other side has nothing more to give: it need not be honest, so no answer is
 * believed, and rounds that bring nothing are counted.
 *
 * <p>Both directions are two runs. Not thread safe.
 */
public final class AntiEntropy {
    private static final int MAX_FRUITLESS_ROUNDS = 64;
    private static final int MAX_OTHER_TIPS = 8;

    private final Replica replica;
    private final SyncPeer peer;
    private final SignatureCheck check;
    private final GraphView graph;
    private final OperationCodec operationCodec;
    private final SyncCodec codec = new SyncCodec();
    private final Map<OperationOutcome, Long> outcomes = new EnumMap<>(OperationOutcome.class);
    private int requests;
    private long sentLength;
    private long receivedLength;

    private AntiEntropy(Replica replica, SyncPeer peer, SignatureCheck check, OperationCodec operationCodec) {
        this.replica = replica;
        this.graph = replica.graph();
        this.operationCodec = operationCodec;
        this.peer = peer;
        this.check = check;
    }

    /**
     * Brings {@code replica} the operations of {@code peer}.
     *
     * @param replica receives the operations.
     * @param peer other side.
     * @param check checks the signatures of incoming operations.
     * @throws IOException if the log cannot be written or the peer cannot be asked.
     */
    public static SyncReport pull(Replica replica, SyncPeer peer, SignatureCheck check) throws IOException {
        try (OperationCodec operationCodec = new OperationCodec()) {
            return new AntiEntropy(replica, peer, check, operationCodec).run();
        }
    }

    private SyncReport run() throws IOException {
        long before;
        boolean known;
        do {
            before = replica.size();
            known = passOverTips();
        } while (!known && replica.size() > before);
        pullPayloads();
        return new SyncReport(
                outcomes,
                requests,
                sentLength,
                receivedLength,
                known && graph.withoutPayload().isEmpty());
    }

    /** Goes through all tips of the peer once; true if each of them is known in the end. */
    private boolean passOverTips() throws IOException {
        boolean known = true;
        int from = 0;
        boolean more = true;
        while (more) {
            final Optional<SyncMessage> answer =
                    ask(new SyncMessage.TipsRequest(replica.state().id(), from));
            if (answer.isEmpty() || !(answer.get() instanceof SyncMessage.Tips tips)) {
                return false;
            }
            pullTips(tips.tips());
            known &= tips.tips().stream().allMatch(tip -> replica.contains(tip.operation()));
            from += tips.tips().size();
            more = tips.more() && !tips.tips().isEmpty() && from <= ReplicaLimits.DEFAULT.operations();
        }
        return known;
    }

    private void pullTips(List<SyncMessage.Tip> tips) throws IOException {
        final Map<ActorId, OperationId> reached = new HashMap<>();
        final Set<OperationId> hopeless = new HashSet<>();
        int fruitless = 0;
        while (true) {
            final SyncMessage.Wants wants = wants(tips, reached, hopeless);
            if (wants.isEmpty()) {
                return;
            }
            final List<byte[]> operations = operations(ask(wants));
            final long before = replica.size();
            final Map<ActorId, OperationId> reachedBefore = Map.copyOf(reached);
            receive(operations, reached);
            fruitless = replica.size() > before ? 0 : fruitless + 1;
            if (fruitless == MAX_FRUITLESS_ROUNDS || (fruitless > 0 && reached.equals(reachedBefore))) {
                // These lead nowhere: others must not wait behind them.
                wants.wants().forEach(want -> hopeless.add(want.tip()));
                fruitless = 0;
            }
        }
    }

    private void receive(List<byte[]> operations, Map<ActorId, OperationId> reached) throws IOException {
        final List<OperationOutcome> results = replica.receiveAll(operations, check);
        for (int i = 0; i < results.size(); i++) {
            outcomes.merge(results.get(i), 1L, Long::sum);
            operationCodec
                    .decode(operations.get(i))
                    .filter(operation -> replica.contains(operation.id()) || graph.holds(operation.id()))
                    .ifPresent(operation -> reached.put(operation.header().actor(), operation.id()));
        }
    }

    private SyncMessage.Wants wants(
            List<SyncMessage.Tip> tips, Map<ActorId, OperationId> reached, Set<OperationId> hopeless) {
        final List<SyncMessage.Want> wants = new ArrayList<>();
        for (final SyncMessage.Tip tip : tips) {
            if (wants.size() < SyncMessage.MAX_WANTS
                    && !hopeless.contains(tip.operation())
                    && !replica.contains(tip.operation())) {
                wants.add(new SyncMessage.Want(tip.operation(), haves(tip.actor(), reached.get(tip.actor()))));
            }
        }
        return new SyncMessage.Wants(replica.state().id(), wants, List.of());
    }

    /** Names of an actor's operations: the last ones, and then at distances that double, back to the first. */
    private List<OperationId> haves(ActorId actor, OperationId reached) {
        final Set<OperationId> haves = new LinkedHashSet<>();
        if (reached != null) {
            haves.add(reached);
        }
        final int last = graph.length(actor) - 1;
        for (int distance = 0; distance <= last; distance = distance == 0 ? 1 : 2 * distance) {
            haves.add(graph.id(graph.at(actor, last - distance)));
        }
        if (graph.actors().contains(actor)) {
            graph.tips(actor).descendingSet().stream().limit(MAX_OTHER_TIPS).forEach(tip -> haves.add(graph.id(tip)));
        }
        return haves.stream().limit(SyncMessage.MAX_HAVES).toList();
    }

    private void pullPayloads() throws IOException {
        final List<Integer> missing = graph.withoutPayload();
        for (int from = 0; from < missing.size(); from += SyncMessage.MAX_PAYLOADS) {
            final int end = Math.min(missing.size(), from + SyncMessage.MAX_PAYLOADS);
            List<OperationId> ids = graph.ids(missing.subList(from, end));
            while (!ids.isEmpty()) {
                final int wanted = ids.size();
                final SyncMessage.Wants wants =
                        new SyncMessage.Wants(replica.state().id(), List.of(), ids);
                receive(operations(ask(wants)), new HashMap<>());
                ids = ids.stream().filter(this::isWithoutPayload).toList();
                if (ids.size() == wanted) {
                    break;
                }
            }
        }
    }

    private boolean isWithoutPayload(OperationId id) {
        return graph.isWithoutPayload(graph.find(id));
    }

    private static List<byte[]> operations(Optional<SyncMessage> answer) {
        return answer.isPresent() && answer.get() instanceof SyncMessage.Operations received
                ? received.operations()
                : List.of();
    }

    private Optional<SyncMessage> ask(SyncMessage request) throws IOException {
        final byte[] encoded = codec.encode(request);
        final byte[] answer = peer.ask(encoded);
        requests++;
        sentLength += encoded.length;
        receivedLength += answer.length;
        return codec.decode(answer);
    }
}
