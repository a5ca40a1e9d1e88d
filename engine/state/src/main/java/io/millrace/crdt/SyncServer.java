package io.millrace.crdt;

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
    private final SyncCodec codec = new SyncCodec();

    /**
     * Answers for {@code replica}.
     *
     * @param replica that answers.
     */
    public SyncServer(Replica replica) {
        this.replica = replica;
    }

    /**
     * Answers a request. One that is no request, or for another document, gets no operations.
     *
     * @throws IOException if the log cannot be read.
     */
    @Override
    public byte[] ask(byte[] request) throws IOException {
        final SyncMessage message = codec.decode(request).orElse(NOTHING);
        final TwinId twin = replica.twin().id();
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
        for (final ActorChain chain : replica.accepted().graph().chains()) {
            for (final int tip : visibleTips(chain)) {
                if (number++ < from) {
                    continue;
                }
                if (tips.size() == SyncMessage.MAX_TIPS) {
                    return new SyncMessage.Tips(tips, true);
                }
                tips.add(new SyncMessage.Tip(
                        chain.actor(), replica.accepted().graph().id(tip)));
            }
        }
        return new SyncMessage.Tips(tips, false);
    }

    /** The last operations of an actor's branches, without void ones that lead to no valid operation. */
    private Set<Integer> visibleTips(ActorChain chain) {
        final Standing standing = replica.accepted().standing();
        if (!standing.isDecided(chain.actor())) {
            return chain.tips();
        }
        final Set<Integer> visible = new LinkedHashSet<>();
        for (int tip : chain.tips()) {
            while (tip != OperationGraph.ABSENT && standing.isDormant(tip)) {
                tip = replica.accepted().graph().backlink(tip);
            }
            if (tip != OperationGraph.ABSENT) {
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
            final int position = replica.accepted().graph().find(id);
            if (position != OperationGraph.ABSENT
                    && !replica.accepted().withoutPayload().contains(position)) {
                length = add(found, length, position);
            }
        }
        int last = OperationGraph.ABSENT;
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
        final byte[] encoded = replica.accepted().encoded(position);
        final long longer = length + encoded.length + RECORD_OVERHEAD;
        if (longer <= SyncMessage.MAX_LENGTH && found.size() < SyncMessage.MAX_OPERATIONS) {
            found.add(encoded);
        }
        return longer;
    }

    /** The way to a tip from the other side's operations: along another branch backwards to the chain, then the chain. */
    private Path path(SyncMessage.Want want) {
        final OperationGraph graph = replica.accepted().graph();
        final int tip = graph.find(want.tip());
        if (tip == OperationGraph.ABSENT) {
            return new Path(null, 0, 0, List.of());
        }
        final Set<Integer> had = new HashSet<>();
        want.haves().forEach(id -> had.add(graph.find(id)));
        final List<Integer> branch = new ArrayList<>();
        int position = tip;
        while (position != OperationGraph.ABSENT && !had.contains(position) && !graph.isOnChain(position)) {
            branch.add(position);
            position = graph.backlink(position);
        }
        Collections.reverse(branch);
        if (position == OperationGraph.ABSENT || had.contains(position)) {
            return new Path(null, 0, 0, branch);
        }
        final int end = graph.sequence(position) + 1;
        int from = 0;
        for (final int each : had) {
            if (each != OperationGraph.ABSENT
                    && graph.chainOf(each) == graph.chainOf(tip)
                    && graph.isOnChain(each)
                    && graph.sequence(each) < end) {
                from = Math.max(from, graph.sequence(each) + 1);
            }
        }
        return new Path(graph.chainOf(tip), from, end, branch);
    }

    /** Positions in ascending order: a part of a chain, then a branch from it. */
    private static final class Path implements Comparable<Path> {
        private final ActorChain chain;
        private final List<Integer> branch;
        private final int end;
        private int sequence;
        private int index;

        Path(ActorChain chain, int from, int end, List<Integer> branch) {
            this.chain = chain;
            this.sequence = from;
            this.end = end;
            this.branch = branch;
        }

        boolean hasNext() {
            return sequence < end || index < branch.size();
        }

        int peek() {
            return sequence < end ? chain.at(sequence) : branch.get(index);
        }

        int next() {
            return sequence < end ? chain.at(sequence++) : branch.get(index++);
        }

        @Override
        public int compareTo(Path other) {
            return Integer.compare(peek(), other.peek());
        }
    }
}
