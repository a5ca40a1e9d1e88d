package io.millrace.relay.stage;

import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.live.LiveEpochs;
import io.millrace.relay.packet.Verdict;

/**
 * The replay stage: remembers the tags of a batch, those of one key epoch together, and refuses packets that were seen
 * before or that cannot be remembered.
 *
 * <p>Reads and writes the batch alone: places, tags, verdicts. Where one thread does all, it comes between the two phases
 * of peeling, so that a replayed packet costs one multiplication; with peel workers it comes after both, on the thread that
 * owns the replay sets. Belongs to that thread.
 */
public final class ReplayStage {
    private final long[] tagsLow;
    private final long[] tagsHigh;
    private final int[] outcomes;
    private final int[] entries;

    public ReplayStage(int batchLimit) {
        this.tagsLow = new long[batchLimit];
        this.tagsHigh = new long[batchLimit];
        this.outcomes = new int[batchLimit];
        this.entries = new int[batchLimit];
    }

    /** Remembers every packet that is still to go on. */
    public void process(PacketBatch batch) {
        for (int place = 0; place < LiveEpochs.LIMIT; place++) {
            if (batch.live.at(place) != null) {
                remember(batch, place, batch.live.at(place).replayFilter());
            }
        }
    }

    private void remember(PacketBatch batch, int place, ReplayFilter replayFilter) {
        int count = 0;
        for (int i = 0; i < batch.count; i++) {
            if (batch.places[i] == place && batch.verdicts[i] == Verdict.PENDING) {
                tagsLow[count] = batch.tagsLow[i];
                tagsHigh[count] = batch.tagsHigh[i];
                entries[count++] = i;
            }
        }
        if (count == 0) {
            return;
        }
        replayFilter.insertAll(count, tagsLow, tagsHigh, outcomes);
        for (int i = 0; i < count; i++) {
            batch.verdicts[entries[i]] = verdict(outcomes[i]);
        }
    }

    /** What became of a packet whose tag had this outcome; {@link Verdict#PENDING} if it goes on. */
    static Verdict verdict(int outcome) {
        return switch (outcome) {
            case ReplayFilter.ADDED -> Verdict.PENDING;
            case ReplayFilter.DUPLICATE -> Verdict.REPLAY;
            case ReplayFilter.FULL -> Verdict.REPLAY_SET_FULL;
            case ReplayFilter.NOT_JOURNALLED -> Verdict.JOURNAL_FAILED;
            default -> throw new AssertionError("unexpected outcome: " + outcome);
        };
    }
}
