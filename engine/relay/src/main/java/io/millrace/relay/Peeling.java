package io.millrace.relay;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import io.millrace.metrics.NanoClock;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxPeeler;
import java.lang.foreign.Arena;

/**
 * The peel stage: one Sphinx layer off a whole batch, with the replay check between its two phases where the caller
 * wants it there.
 *
 * <p>Reads: the packet, {@code keyEpoch}. Writes: the packet, {@code verdict}, {@code replayTag}, {@code delayTag},
 * {@code command}, {@code nextId}, {@code wantedDelayNs}, {@code length}, {@code peeledNs}. A batch may hold packets of
 * several key epochs. Belongs to one engine thread.
 */
final class Peeling {
    /** While something records, one batch in this many is in the recording. */
    static final int SAMPLE_EACH = 7;

    private final Slab slab;
    private final SlotFields fields;
    private final PacketEnds ends;
    private final NanoClock clock;
    private final SphinxPeeler peeler;
    private final PeelBatch peel;
    private final long[] tagsLow;
    private final long[] tagsHigh;
    private final int[] outcomes;
    private final int[] entries;
    private final int[] places; // of the epochs, by entry
    private final Verdict[] refusals;
    private final BatchEvent event = new BatchEvent();
    private int untilSample = SAMPLE_EACH;

    Peeling(Arena arena, StageContext context, BatchCrypto crypto, SphinxGeometry geometry) {
        final int limit = context.batchLimit();
        this.slab = context.slab();
        this.fields = context.fields();
        this.ends = context.ends();
        this.clock = context.clock();
        this.peeler = new SphinxPeeler(arena, crypto, geometry, limit);
        this.peel = new PeelBatch(arena, geometry, slab.segment(), limit);
        this.tagsLow = new long[limit];
        this.tagsHigh = new long[limit];
        this.outcomes = new int[limit];
        this.entries = new int[limit];
        this.places = new int[limit];
        this.refusals = new Verdict[limit];
    }

    /** First phase: group element, key agreement, header MAC. Changes no packet. */
    void authenticate(SlotBatch batch, LiveEpochs live) {
        peel.clear();
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            places[i] = fields.keyEpoch(slab.position(slot));
            peel.add(slab.bodyPosition(slot), live.at(places[i]).key());
        }
        peeler.authenticate(peel);
        for (int i = 0; i < batch.count; i++) {
            final long at = slab.position(batch.slots[i]);
            fields.replayTag(at, peel.tagLow(i), peel.tagHigh(i));
            fields.delayTag(at, peel.delayTagLow(i), peel.delayTagHigh(i));
        }
    }

    /** Between the phases: remembers the tags of the authentic packets and excludes those seen before. */
    void admit(SlotBatch batch, LiveEpochs live) {
        for (int place = 0; place < LiveEpochs.LIMIT; place++) {
            if (live.at(place) != null) {
                admit(batch, place, live.at(place).replayFilter());
            }
        }
    }

    private void admit(SlotBatch batch, int place, ReplayFilter replayFilter) {
        int count = 0;
        for (int i = 0; i < batch.count; i++) {
            if (places[i] == place && peel.status(i) == PeelStatus.OK) {
                tagsLow[count] = peel.tagLow(i);
                tagsHigh[count] = peel.tagHigh(i);
                entries[count++] = i;
            }
        }
        if (count == 0) {
            return;
        }
        replayFilter.insertAll(count, tagsLow, tagsHigh, outcomes);
        for (int i = 0; i < count; i++) {
            if (outcomes[i] != ReplayFilter.ADDED) {
                peel.status(entries[i], PeelStatus.EXCLUDED);
                refusals[entries[i]] = ReplayFilter.verdict(outcomes[i]);
            }
        }
    }

    /** Second phase: decrypts the remaining packets and drops the rest; afterwards the batch holds only good packets. */
    void transform(SlotBatch batch) {
        peeler.transform(peel);
        final long now = clock.nanoTime();
        if (batch.count > 0 && event.isEnabled() && --untilSample == 0) {
            untilSample = SAMPLE_EACH;
            sample(batch, now);
        }
        int kept = 0;
        for (int i = 0; i < batch.count; i++) {
            final int slot = batch.slots[i];
            final int status = peel.status(i);
            if (status == PeelStatus.OK) {
                final long at = slab.position(slot);
                publish(i, at);
                fields.peeledNs(at, now);
                batch.slots[kept++] = slot;
            } else {
                ends.drop(slot, SlotOwner.ENGINE, status == PeelStatus.EXCLUDED ? refusals[i] : verdictOf(status));
            }
        }
        batch.count = kept;
        peel.clear();
    }

    private void sample(SlotBatch batch, long nowNs) {
        event.packets = batch.count;
        event.peelNs = nowNs - fields.openedNs(slab.position(batch.slots[0]));
        event.begin(); // its time: a reused event would keep that of the batch before
        event.commit();
    }

    private void publish(int entry, long at) {
        fields.command(at, peel.command(entry).code());
        fields.nextId(at, peel.idLow(entry), peel.idHigh(entry));
        fields.wantedDelayNs(at, peel.delayNs(entry));
        fields.length(at, peel.payloadLength(entry));
    }

    private static Verdict verdictOf(int status) {
        return switch (status) {
            case PeelStatus.BAD_GROUP_ELEMENT -> Verdict.BAD_GROUP_ELEMENT;
            case PeelStatus.BAD_MAC -> Verdict.BAD_MAC;
            case PeelStatus.BAD_COMMAND -> Verdict.BAD_COMMAND;
            case PeelStatus.BAD_PAYLOAD -> Verdict.BAD_PAYLOAD;
            default -> throw new AssertionError("unexpected status: " + PeelStatus.name(status));
        };
    }
}
