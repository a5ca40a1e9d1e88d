package io.millrace.relay.stage;

import io.millrace.memory.SlotOwner;
import io.millrace.relay.live.LiveEpochs;
import io.millrace.relay.packet.Verdict;

/**
 * Packets that the stages of one thread work on together. What several stages need of a packet is here next to its slot, so
 * that it is read from the slot once: key epoch and replay tag. A packet that a stage refuses stays in its place until
 * {@link #dropRefused}, so that arrays of other batches keep their order meanwhile.
 *
 * <p>Belongs to one engine thread.
 */
public final class PacketBatch {
    public final int[] slots;

    /** Places of the packets' key epochs in the live ones; from the open stage on. */
    final int[] places;

    /** Low halves of the replay tags; from the first phase of peeling on. */
    final long[] tagsLow;

    /** High halves of the replay tags; from the first phase of peeling on. */
    final long[] tagsHigh;

    /** Why a packet is not to go on; {@link Verdict#PENDING} if it is. */
    final Verdict[] verdicts;

    public int count;

    /** Key epochs that the whole batch is worked on with. */
    public LiveEpochs live;

    public PacketBatch(int limit) {
        slots = new int[limit];
        places = new int[limit];
        tagsLow = new long[limit];
        tagsHigh = new long[limit];
        verdicts = new Verdict[limit];
    }

    public void add(int slot) {
        slots[count++] = slot;
    }

    /** Adds a packet that another thread has peeled: place and tag come from its slot. */
    public void addPeeled(int slot, long at, SlotFields fields) {
        slots[count] = slot;
        places[count] = fields.keyEpoch(at);
        tagsLow[count] = fields.tagLow(at);
        tagsHigh[count] = fields.tagHigh(at);
        verdicts[count++] = Verdict.PENDING;
    }

    public boolean isFull() {
        return count == slots.length;
    }

    /** Moves what is known of packet {@code from} to {@code to}, which is not behind it. */
    void keep(int to, int from) {
        slots[to] = slots[from];
        places[to] = places[from];
        tagsLow[to] = tagsLow[from];
        tagsHigh[to] = tagsHigh[from];
        verdicts[to] = verdicts[from];
    }

    /** Drops the refused packets; afterwards the batch holds the others, in their order. */
    public void dropRefused(PacketCompletion ends) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (verdicts[i] == Verdict.PENDING) {
                keep(kept++, i);
            } else {
                ends.drop(slots[i], SlotOwner.ENGINE, verdicts[i]);
            }
        }
        count = kept;
    }
}
