package io.millrace.crdt;

import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import io.millrace.crypto.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.collections.IntArrayList;

/**
 * The hash graph of a replica without the operations' contents: names by position, in an order in which
 * predecessors come first. About 100 bytes an operation.
 *
 * <p>Not thread safe.
 */
final class OperationGraph {
    /** {@link #find}: no such operation. */
    static final int ABSENT = IdIndex.ABSENT;

    private final IdIndex ids;
    private final IntArrayList chainNumbers = new IntArrayList();
    private final IntArrayList sequences = new IntArrayList();
    private final IntArrayList backlinks = new IntArrayList();
    private long[] times = new long[16];
    private final Map<ActorId, Integer> chainNumberOf = new HashMap<>();
    private final List<ActorChain> chains = new ArrayList<>();

    OperationGraph(Randomness randomness) {
        this.ids = new IdIndex(randomness);
    }

    int size() {
        return ids.size();
    }

    int find(OperationId id) {
        return ids.find(id);
    }

    OperationId id(int position) {
        return ids.get(position);
    }

    int sequence(int position) {
        return sequences.getInt(position);
    }

    /** Position of the author's operation before, {@link #ABSENT} for the first. */
    int backlink(int position) {
        return backlinks.getInt(position);
    }

    ActorChain chainOf(int position) {
        return chains.get(chainNumbers.getInt(position));
    }

    Optional<ActorChain> chain(ActorId actor) {
        return Optional.ofNullable(chainNumberOf.get(actor)).map(chains::get);
    }

    List<ActorChain> chains() {
        return chains;
    }

    /** Whether the operation is on its author's chain, and not on another branch. */
    boolean isOnChain(int position) {
        return chainOf(position).at(sequence(position)) == position;
    }

    /** The first operation that {@code header} names and that is not here. */
    Optional<OperationId> missing(OperationHeader header) {
        if (header.backlink() != null && find(header.backlink()) == ABSENT) {
            return Optional.of(header.backlink());
        }
        for (final OperationId predecessor : header.predecessors()) {
            if (find(predecessor) == ABSENT) {
                return Optional.of(predecessor);
            }
        }
        return Optional.empty();
    }

    /** Whether {@code header}, of which nothing is missing, agrees with its predecessors in author and sequence. */
    boolean agrees(OperationHeader header) {
        if (header.backlink() != null) {
            final int backlink = find(header.backlink());
            if (!chainOf(backlink).actor().equals(header.actor()) || sequence(backlink) != header.sequence() - 1) {
                return false;
            }
        }
        for (final OperationId predecessor : header.predecessors()) {
            if (predecessor.equals(header.backlink())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Adds an operation of which nothing is missing.
     *
     * @return whether its author has used its sequence number before.
     */
    boolean add(OperationId id, OperationHeader header) {
        final int position = ids.add(id);
        final int backlink = header.backlink() == null ? ABSENT : find(header.backlink());
        final int number = chainNumberOf.computeIfAbsent(header.actor(), actor -> {
            chains.add(new ActorChain(actor));
            return chains.size() - 1;
        });
        chainNumbers.addInt(number);
        sequences.addInt(header.sequence());
        backlinks.addInt(backlink);
        if (position == times.length) {
            times = Arrays.copyOf(times, 2 * position);
        }
        times[position] = effectiveTime(header);
        return chains.get(number).add(position, header.sequence(), backlink);
    }

    /**
     * When the operation takes effect among others: its own time, or the first reading after the latest of those that it
     * names. An author whose clock was ahead, and all who have seen the author's operations, are not kept from writing
     * after them.
     */
    long time(int position) {
        return times[position];
    }

    private long effectiveTime(OperationHeader header) {
        long time = header.time();
        for (final int each : named(header)) {
            time = after(times[each], time);
        }
        return time;
    }

    /** The later of {@code time} and the first reading after {@code named}. */
    static long after(long named, long time) {
        return Math.max(time, named == Long.MAX_VALUE ? Long.MAX_VALUE : named + 1);
    }

    /** Positions of the operations that {@code header}, of which nothing is missing, names. */
    List<Integer> named(OperationHeader header) {
        final List<Integer> named = new ArrayList<>(1 + header.predecessors().size());
        if (header.backlink() != null) {
            named.add(find(header.backlink()));
        }
        for (final OperationId predecessor : header.predecessors()) {
            named.add(find(predecessor));
        }
        return named;
    }

    /** Names of operations at these positions, ordered. */
    List<OperationId> ids(Collection<Integer> positions) {
        return positions.stream().map(ids::get).sorted().toList();
    }
}
