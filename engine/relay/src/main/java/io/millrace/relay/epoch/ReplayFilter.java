package io.millrace.relay.epoch;

import io.millrace.carrier.Carrier;
import io.millrace.sphinx.ReplaySet;
import io.millrace.store.ReplayJournal;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Decides whether a packet was seen before in a key epoch, and remembers it: in memory, and if there is a journal also on
 * disk, before the packet goes on. A tag that cannot be written down is remembered in memory, and its packet dropped.
 *
 * <p>Allocates nothing. Threading: one thread, handed over safely from the one that opened the epoch, but for what says
 * otherwise.
 */
public final class ReplayFilter {
    /** Seen for the first time, and remembered. */
    public static final int ADDED = ReplaySet.ADDED;

    /** Seen before. */
    public static final int DUPLICATE = ReplaySet.DUPLICATE;

    /** New, and there is no room to remember it. */
    public static final int FULL = ReplaySet.FULL;

    /** New, and the journal could not take it. */
    public static final int NOT_JOURNALLED = -3;

    private final ReplaySet set; // null: nothing is remembered
    private final ReplayJournal journal; // null: in memory only
    private final long[] lows = new long[ReplaySet.MAX_BATCH];
    private final long[] highs = new long[ReplaySet.MAX_BATCH];

    private long restored;
    private boolean used;

    private ReplayFilter(ReplaySet set, ReplayJournal journal) {
        this.set = set;
        this.journal = journal;
    }

    /**
     * Remembers in memory only: a restart with the same key forgets. Takes the set over.
     *
     * @param set empty; belongs to the filter.
     */
    public static ReplayFilter inMemory(ReplaySet set) {
        return new ReplayFilter(Objects.requireNonNull(set, "replaySet"), null);
    }

    /**
     * Remembers nothing and lets every packet through, however often it comes: only for measuring the cost
     * of the replay check. No configuration leads here, and an engine refuses it at its start and at every roll unless
     * its carrier is a {@linkplain Carrier#isClosedLoop() closed loop} inside this process.
     */
    public static ReplayFilter noneInClosedLoop() {
        return new ReplayFilter(null, null);
    }

    /**
     * Remembers in a journal too, and brings back the journal's tags of the epoch. Takes the set over.
     *
     * @param set empty, with room for the journal's tags.
     * @param journal of the set's key epoch.
     * @throws IllegalArgumentException if it has not.
     */
    public static ReplayFilter journalled(ReplaySet set, ReplayJournal journal) {
        final ReplayFilter filter = new ReplayFilter(Objects.requireNonNull(set, "replaySet"), journal);
        journal.forEach(filter.new Restoring());
        filter.restored = set.size();
        return filter;
    }

    /** Tags remembered. Any thread. */
    public long size() {
        return set == null ? 0 : set.size();
    }

    /** Tags that can be remembered. */
    public long capacity() {
        return set == null ? 0 : set.capacity();
    }

    /**
     * A batch, as {@link ReplaySet#insertAll}; the new tags are one record of the journal. The outcomes are {@link #ADDED},
     * {@link #DUPLICATE}, {@link #FULL} and {@link #NOT_JOURNALLED}.
     *
     * @param count tags, at most {@link ReplaySet#MAX_BATCH}.
     * @param tagsLow their low halves.
     * @param tagsHigh their high halves.
     * @param outcomes receives one for each tag.
     */
    public void insertAll(int count, long[] tagsLow, long[] tagsHigh, int[] outcomes) {
        if (set == null) {
            Arrays.fill(outcomes, 0, count, ADDED);
            return;
        }
        set.insertAll(count, tagsLow, tagsHigh, outcomes);
        if (journal == null) {
            return;
        }
        int added = 0;
        for (int i = 0; i < count; i++) {
            if (outcomes[i] == ADDED) {
                lows[added] = tagsLow[i];
                highs[added++] = tagsHigh[i];
            }
        }
        if (added == 0 || journal.append(added, lows, highs)) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (outcomes[i] == ADDED) {
                outcomes[i] = NOT_JOURNALLED;
            }
        }
    }

    /**
     * Refuses a filter that remembers nothing, unless the engine's carrier is a closed loop.
     *
     * @param carrier of the engine; null without one.
     * @throws IllegalArgumentException if the filter remembers nothing and could be attacked.
     */
    public void requireAllowed(Carrier carrier) {
        if (set == null && (carrier == null || !carrier.isClosedLoop())) {
            throw new IllegalArgumentException(
                    "a relay needs replay protection: only the closed loop of a measurement" + " runs without");
        }
    }

    /** Frees the set; the journal stays, since the epoch may go on in another process. */
    void close() {
        if (set != null) {
            set.close();
        }
    }

    /** Whether it remembers in the same set as another one. */
    boolean sharesSet(ReplayFilter other) {
        return set != null && set == other.set;
    }

    /** Whether it has not been in use: it remembers the tags of its journal and no others. */
    boolean isFresh() {
        return !used && (set == null || set.size() == restored);
    }

    /** Notes that an engine uses it. */
    void used() {
        used = true;
    }

    /** Erases the journal, after the set was freed: the epoch is over. May be tried again if it fails. */
    ErasedTags erase() throws IOException {
        return journal == null ? ErasedTags.neverStored(this) : ErasedTags.ofJournal(this, journal.erase());
    }

    /** Puts a journal's tags into the set, many tags at once, so that their cache misses overlap. */
    private final class Restoring implements ReplayJournal.Visitor {
        private final int[] outcomes = new int[ReplaySet.MAX_BATCH];

        @Override
        public void tags(int count, long[] tagsLow, long[] tagsHigh) {
            set.insertAll(count, tagsLow, tagsHigh, outcomes);
            for (int i = 0; i < count; i++) {
                if (outcomes[i] == FULL) {
                    throw new IllegalArgumentException(
                            "the replay set is too small for the journal's tags: capacity=" + set.capacity());
                }
            }
        }
    }
}
