package io.millrace.relay.stage;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.Slab;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.trace.BatchEvent;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.sphinx.SphinxProfile;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The peel stage: one Sphinx layer off a whole batch, in two phases; the caller may put the replay stage between
 * them.
 *
 * <p>Reads: the packet, {@code keyEpoch}. Writes: the packet, {@code verdict}, {@code replayTag}, {@code delayTag},
 * {@code command}, {@code nextId}, {@code wantedDelayNs}, {@code length}, {@code peeledNs}. A batch may hold packets of
 * several key epochs. The key of a packet's epoch says which wire profile it has, before any multiplication; packets of two
 * profiles are peeled as two groups. Belongs to one engine thread.
 */
public final class PeelStage {
    /** While something records, one batch in this many is in the recording. */
    static final int SAMPLE_EACH = 7;

    private final Slab slab;
    private final SlotFields fields;
    private final PacketCompletion ends;
    private final NanoClock clock;
    private final SphinxPeeler[] peelers; // by profile that the engine serves
    private final PeelBatch[] peels; // as peelers
    private final Map<SphinxProfile, PeelBatch> byProfile = new EnumMap<>(SphinxProfile.class); // the same
    private final PeelBatch[] groups; // by packet of the batch: where it is peeled
    private final int[] entries; // by packet of the batch: its index there
    private final BatchEvent event = new BatchEvent();
    private int untilSample = SAMPLE_EACH;

    public PeelStage(Arena arena, StageContext context, BatchCrypto crypto, SphinxGeometry geometry) {
        final int limit = context.batchLimit();
        this.slab = context.slab();
        this.fields = context.fields();
        this.ends = context.ends();
        this.clock = context.clock();
        final List<SphinxGeometry> served = Arrays.stream(SphinxProfile.values())
                .filter(geometry::coexistsWith)
                .map(geometry::in)
                .toList();
        this.peelers = new SphinxPeeler[served.size()];
        this.peels = new PeelBatch[served.size()];
        for (int group = 0; group < peelers.length; group++) {
            peelers[group] = new SphinxPeeler(arena, crypto, served.get(group), limit);
            peels[group] = new PeelBatch(arena, served.get(group), slab.segment(), limit);
            byProfile.put(served.get(group).profile(), peels[group]);
        }
        this.groups = new PeelBatch[limit];
        this.entries = new int[limit];
    }

    /** First phase: group element, key agreement, header MAC. Changes no packet. */
    public void authenticate(PacketBatch batch) {
        clear();
        for (int i = 0; i < batch.count; i++) {
            final RelaySphinxKey key = batch.live.at(batch.places[i]).key();
            groups[i] = byProfile.get(key.profile());
            entries[i] = groups[i].add(slab.bodyPosition(batch.slots[i]), key);
        }
        for (int group = 0; group < peelers.length; group++) {
            if (peels[group].count() > 0) {
                peelers[group].authenticate(peels[group]);
            }
        }
        for (int i = 0; i < batch.count; i++) {
            final PeelBatch peel = groups[i];
            final int entry = entries[i];
            batch.tagsLow[i] = peel.tagLow(entry);
            batch.tagsHigh[i] = peel.tagHigh(entry);
            if (peel.status(entry) != PeelStatus.OK) {
                batch.verdicts[i] = verdictOf(peel.status(entry));
            }
            fields.replayTag(slab.position(batch.slots[i]), peel.tagLow(entry), peel.tagHigh(entry));
        }
    }

    private void clear() {
        for (PeelBatch peel : peels) {
            peel.clear();
        }
    }

    /** Second phase: decrypts the remaining packets and drops the rest; afterwards the batch holds only good packets. */
    public void transform(PacketBatch batch) {
        for (int i = 0; i < batch.count; i++) {
            if (batch.verdicts[i] != Verdict.PENDING && groups[i].status(entries[i]) == PeelStatus.OK) {
                groups[i].status(entries[i], PeelStatus.EXCLUDED);
            }
        }
        for (int group = 0; group < peelers.length; group++) {
            if (peels[group].count() > 0) {
                peelers[group].transform(peels[group]);
            }
        }
        final long now = clock.nanoTime();
        if (batch.count > 0 && event.isEnabled() && --untilSample == 0) {
            untilSample = SAMPLE_EACH;
            sample(batch, now);
        }
        for (int i = 0; i < batch.count; i++) {
            final int status = groups[i].status(entries[i]);
            if (status == PeelStatus.OK) {
                final long at = slab.position(batch.slots[i]);
                publish(groups[i], entries[i], at);
                fields.peeledNs(at, now);
            } else if (batch.verdicts[i] == Verdict.PENDING) {
                batch.verdicts[i] = verdictOf(status);
            }
        }
        batch.dropRefused(ends);
        clear();
    }

    private void sample(PacketBatch batch, long nowNs) {
        event.packets = batch.count;
        event.peelNs = nowNs - fields.openedNs(slab.position(batch.slots[0]));
        event.begin(); // its time: a reused event would keep that of the batch before
        event.commit();
    }

    private void publish(PeelBatch peel, int entry, long at) {
        fields.delayTag(at, peel.delayTagLow(entry), peel.delayTagHigh(entry));
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
