package io.millrace.htx.admission;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Connections of one network in order of arrival, and the networks within it in order of greed. Not thread safe: its owner
 * has the lock.
 *
 * @param <M> the connections.
 */
final class PrefixGroup<M extends PrefixGroup.Member> {
    /** A connection that counts for a network. */
    interface Member {
        /** {@link SourcePrefix} of its other end. */
        long prefix();

        /** Place in the order of arrivals. */
        long number();
    }

    /** The greediest network first; among equals the one whose oldest member came first. */
    private static final Comparator<PrefixGroup<?>> GREED = Comparator.<PrefixGroup<?>>comparingInt(
                    group -> -group.size())
            .thenComparingLong(group -> group.oldest().number())
            .thenComparingLong(group -> group.network);

    private final long network;
    private final int level;
    private final LinkedHashSet<M> members = new LinkedHashSet<>();
    private final Map<Long, PrefixGroup<M>> byNetwork = new HashMap<>();
    private final TreeSet<PrefixGroup<M>> byGreed = new TreeSet<>(GREED);

    /**
     * Creates a group without members.
     *
     * @param network the number that {@link SourcePrefix#network} gives at {@code level - 1}.
     * @param level of the networks within: one of {@link SourcePrefix}, or {@link SourcePrefix#LEVELS} if there are none.
     */
    PrefixGroup(long network, int level) {
        this.network = network;
        this.level = level;
    }

    int size() {
        return members.size();
    }

    void add(M member) {
        members.add(member);
        if (level < SourcePrefix.LEVELS) {
            final long within = SourcePrefix.network(member.prefix(), level);
            PrefixGroup<M> group = byNetwork.get(within);
            if (group == null) {
                group = new PrefixGroup<>(within, level + 1);
                byNetwork.put(within, group);
            } else {
                byGreed.remove(group); // its place changes with its members
            }
            group.add(member);
            byGreed.add(group);
        }
    }

    boolean remove(M member) {
        if (!members.contains(member)) {
            return false;
        }
        if (level < SourcePrefix.LEVELS) {
            final long within = SourcePrefix.network(member.prefix(), level);
            final PrefixGroup<M> group = byNetwork.get(within);
            byGreed.remove(group);
            group.remove(member);
            if (group.size() > 0) {
                byGreed.add(group);
            } else {
                byNetwork.remove(within);
            }
        }
        return members.remove(member);
    }

    /** Connections of a network. */
    int size(long prefix) {
        final PrefixGroup<M> group = byNetwork.get(SourcePrefix.network(prefix, level));
        return group == null ? 0 : group.size();
    }

    /** Connections of the greediest network; 0 without any. */
    int greediestSize() {
        return byGreed.isEmpty() ? 0 : byGreed.getFirst().size();
    }

    /** The connections of the greediest network, and within it of its greediest, and so on; there is at least one. */
    Set<M> greediest() {
        return byGreed.isEmpty() ? members() : byGreed.getFirst().greediest();
    }

    /** All connections in order of arrival; not to be changed. */
    Set<M> members() {
        return members;
    }

    /** The oldest connection of the {@link #greediest}; there is at least one. */
    M oldestOfTheGreediest() {
        return byGreed.isEmpty() ? oldest() : byGreed.getFirst().oldestOfTheGreediest();
    }

    private M oldest() {
        return members.getFirst();
    }
}
