package io.millrace.htx.admission;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.TreeSet;

/**
 * The strangers of one network in order of arrival, and the networks within it in order of greed. Not thread safe: its
 * {@link StrangerAdmission} has the lock.
 */
final class StrangerGroup {
    /** The greediest network first; among equals the one whose oldest stranger came first. */
    private static final Comparator<StrangerGroup> GREED = Comparator.<StrangerGroup>comparingInt(
                    group -> -group.size())
            .thenComparingLong(group -> group.members.getFirst().number())
            .thenComparingLong(group -> group.network);

    private final long network;
    private final int level;
    private final LinkedHashSet<Stranger> members = new LinkedHashSet<>();
    private final Map<Long, StrangerGroup> byNetwork = new HashMap<>();
    private final TreeSet<StrangerGroup> byGreed = new TreeSet<>(GREED);

    /**
     * Creates a group without strangers.
     *
     * @param network the number that {@link SourcePrefix#network} gives at {@code level - 1}.
     * @param level of the networks within: one of {@link SourcePrefix}, or {@link SourcePrefix#LEVELS} if there are none.
     */
    StrangerGroup(long network, int level) {
        this.network = network;
        this.level = level;
    }

    int size() {
        return members.size();
    }

    void add(Stranger stranger) {
        members.add(stranger);
        if (level < SourcePrefix.LEVELS) {
            final long within = SourcePrefix.network(stranger.prefix(), level);
            StrangerGroup group = byNetwork.get(within);
            if (group == null) {
                group = new StrangerGroup(within, level + 1);
                byNetwork.put(within, group);
            } else {
                byGreed.remove(group); // its place changes with its members
            }
            group.add(stranger);
            byGreed.add(group);
        }
    }

    boolean remove(Stranger stranger) {
        if (!members.contains(stranger)) {
            return false;
        }
        if (level < SourcePrefix.LEVELS) {
            final long within = SourcePrefix.network(stranger.prefix(), level);
            final StrangerGroup group = byNetwork.get(within);
            byGreed.remove(group);
            group.remove(stranger);
            if (group.size() > 0) {
                byGreed.add(group);
            } else {
                byNetwork.remove(within);
            }
        }
        return members.remove(stranger);
    }

    /** The stranger that is to lose its place; there is at least one. */
    Stranger oldestOfTheGreediest() {
        return byGreed.isEmpty() ? members.getFirst() : byGreed.getFirst().oldestOfTheGreediest();
    }
}
