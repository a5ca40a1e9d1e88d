package io.millrace.crdt.sync;

import io.millrace.crdt.GraphView;
import io.millrace.crdt.Replica;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The answering side of anti-entropy: tells a replica's tips, and sends what leads to those that the other side wants.
 *
 * <p>Keeps nothing between two requests. As not thread safe as its replica.
 */
public final class SyncServer implements SyncPeer {
    private static final int MESSAGE_OVERHEAD = 16;
    private static final int RECORD_OVERHEAD = 5;
    private static final SyncMessage NOTHING = new SyncMessage.Operations(List.of());

    private final Replica replica;
    private final GraphView graph;
    private final SyncCodec codec = new SyncCodec();

    /**
     * Answers for {@code replica}.
     *
     * @param replica that answers.
     */
    public SyncServer(Replica replica) {
        this.replica = replica;
        this.graph = replica.graph();
    }

    /**
     * Answers a request. One that is no request, or for another document, gets no operations.
     *
     * @throws IOException if the log cannot be read.
     */
    @Override
    public byte[] ask(byte[] request) throws IOException {
        final SyncMessage message = codec.decode(request).orElse(NOTHING);
        final TwinId twin = replica.state().id();
        if (message instanceof SyncMessage.TipsRequest wanted && wanted.twin().equals(twin)) {
            return codec.encode(tips(wanted.from()));
        }
        if (message instanceof SyncMessage.Wants wants && wants.twin().equals(twin)) {
            return codec.encode(operations(wants));
        }
        return codec.encode(NOTHING);
    }

    private SyncMessage.Tips tips(int from) {
        final List<SyncMessage.Tip> tips = new ArrayList<>();
        int number = 0;
        for (final ActorId actor : graph.actors()) {
            for (final int tip : visibleTips(actor)) {
                if (number++ < from) {
                    continue;
                }
                if (tips.size() == SyncMessage.MAX_TIPS) {
                    return new SyncMessage.Tips(tips, true);
                }
                tips.add(new SyncMessage.Tip(actor, graph.id(tip)));
            }
        }
        return new SyncMessage.Tips(tips, false);
    }

    /** The last operations of an actor's branches, without void ones that lead to no valid operation. */
    private Set<Integer> visibleTips(ActorId actor) {
        if (!graph.isDecided(actor)) {
            return graph.tips(actor);
        }
        final Set<Integer> visible = new LinkedHashSet<>();
        for (int tip : graph.tips(actor)) {
            while (tip != GraphView.ABSENT && graph.isDormant(tip)) {
                tip = graph.backlink(tip);
            }
            if (tip != GraphView.ABSENT) {
                visible.add(tip);
            }
        }
        return visible;
    }

    /** Operations that the other side lacks, in the order of the graph, so that it can take each as it comes. */
    private SyncMessage.Operations operations(SyncMessage.Wants wants) throws IOException {
        final PriorityQueue<Path> paths = new PriorityQueue<>();
        for (final SyncMessage.Want want : wants.wants()) {
            final Path path = path(want);
            if (path.hasNext()) {
                paths.add(path);
            }
        }
        final List<byte[]> found = new ArrayList<>();
        long length = MESSAGE_OVERHEAD;
        for (final OperationId id : wants.payloads()) {
            final int position = graph.find(id);
            if (position != GraphView.ABSENT && !graph.isWithoutPayload(position)) {
                length = add(found, length, position);
            }
        }
        int last = GraphView.ABSENT;
        while (!paths.isEmpty() && length < SyncMessage.MAX_LENGTH && found.size() < SyncMessage.MAX_OPERATIONS) {
            final Path path = paths.remove();
            final int position = path.next();
            if (path.hasNext()) {
                paths.add(path);
            }
            if (position != last) {
                length = add(found, length, position);
                last = position;
            }
        }
        return new SyncMessage.Operations(found);
    }

    /** Adds an operation if the message does not become too long by it; the length is beyond the limit if it would. */
    private long add(List<byte[]> found, long length, int position) throws IOException {
        final byte[] encoded = graph.encoded(position);
        final long longer = length + encoded.length + RECORD_OVERHEAD;
        if (longer <= SyncMessage.MAX_LENGTH && found.size() < SyncMessage.MAX_OPERATIONS) {
            found.add(encoded);
        }
        return longer;
    }

    /** The way to a tip from the other side's operations: along another branch backwards to the chain, then the chain. */
    private Path path(SyncMessage.Want want) {
        final int tip = graph.find(want.tip());
        if (tip == GraphView.ABSENT) {
            return new Path(null, 0, 0, List.of());
        }
        final Set<Integer> had = new HashSet<>();
        want.haves().forEach(id -> had.add(graph.find(id)));
        final List<Integer> branch = new ArrayList<>();
        int position = tip;
        while (position != GraphView.ABSENT && !had.contains(position) && !graph.isOnChain(position)) {
            branch.add(position);
            position = graph.backlink(position);
        }
        Collections.reverse(branch);
        if (position == GraphView.ABSENT || had.contains(position)) {
            return new Path(null, 0, 0, branch);
        }
        final int end = graph.sequence(position) + 1;
        int from = 0;
        for (final int each : had) {
            if (each != GraphView.ABSENT
                    && graph.actor(each).equals(graph.actor(tip))
                    && graph.isOnChain(each)
                    && graph.sequence(each) < end) {
                from = Math.max(from, graph.sequence(each) + 1);
            }
        }
        return new Path(graph.actor(tip), from, end, branch);
    }

    /** Positions in ascending order: a part of a chain, then a branch from it. */
    private final class Path implements Comparable<Path> {
        private final ActorId actor;
        private final List<Integer> branch;
        private final int end;
        private int sequence;
        private int index;

        Path(ActorId actor, int from, int end, List<Integer> branch) {
            this.actor = actor;
            this.sequence = from;
            this.end = end;
            this.branch = branch;
        }

        boolean hasNext() {
            return sequence < end || index < branch.size();
        }

        int peek() {
            return sequence < end ? graph.at(actor, sequence) : branch.get(index);
        }

        int next() {
            return sequence < end ? graph.at(actor, sequence++) : branch.get(index++);
        }

        @Override
        public int compareTo(Path other) {
            return Integer.compare(peek(), other.peek());
        }
    }
}
