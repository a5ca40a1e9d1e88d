package io.millrace.relay.stage;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.Slab;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.trace.BatchEvent;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxPeeler;
import java.lang.foreign.Arena;

/**
 * The peel stage: one Sphinx layer off a whole batch, in two phases; the caller may put the replay stage between
 * them.
 *
 * <p>Reads: the packet, {@code keyEpoch}. Writes: the packet, {@code verdict}, {@code replayTag}, {@code delayTag},
 * {@code command}, {@code nextId}, {@code wantedDelayNs}, {@code length}, {@code peeledNs}. A batch may hold packets of
 * several key epochs. Belongs to one engine thread.
 */
public final class PeelStage {
    /** While something records, one batch in this many is in the recording. */
    static final int SAMPLE_EACH = 7;

    private final Slab slab;
    private final SlotFields fields;
    private final PacketCompletion ends;
    private final NanoClock clock;
    private final SphinxPeeler peeler;
    private final PeelBatch peel;
    private final BatchEvent event = new BatchEvent();
    private int untilSample = SAMPLE_EACH;

    public PeelStage(Arena arena, StageContext context, BatchCrypto crypto, SphinxGeometry geometry) {
        final int limit = context.batchLimit();
        this.slab = context.slab();
        this.fields = context.fields();
        this.ends = context.ends();
        this.clock = context.clock();
        this.peeler = new SphinxPeeler(arena, crypto, geometry, limit);
        this.peel = new PeelBatch(arena, geometry, slab.segment(), limit);
    }

    /** First phase: group element, key agreement, header MAC. Changes no packet. */
    public void authenticate(PacketBatch batch) {
        peel.clear();
        for (int i = 0; i < batch.count; i++) {
            peel.add(
                    slab.bodyPosition(batch.slots[i]),
                    batch.live.at(batch.places[i]).key());
        }
        peeler.authenticate(peel);
        for (int i = 0; i < batch.count; i++) {
            final long at = slab.position(batch.slots[i]);
            batch.tagsLow[i] = peel.tagLow(i);
            batch.tagsHigh[i] = peel.tagHigh(i);
            if (peel.status(i) != PeelStatus.OK) {
                batch.verdicts[i] = verdictOf(peel.status(i));
            }
            fields.replayTag(at, peel.tagLow(i), peel.tagHigh(i));
        }
    }

    /** Second phase: decrypts the remaining packets and drops the rest; afterwards the batch holds only good packets. */
    public void transform(PacketBatch batch) {
        for (int i = 0; i < batch.count; i++) {
            if (batch.verdicts[i] != Verdict.PENDING && peel.status(i) == PeelStatus.OK) {
                peel.status(i, PeelStatus.EXCLUDED);
            }
        }
        peeler.transform(peel);
        final long now = clock.nanoTime();
        if (batch.count > 0 && event.isEnabled() && --untilSample == 0) {
            untilSample = SAMPLE_EACH;
            sample(batch, now);
        }
        for (int i = 0; i < batch.count; i++) {
            final int status = peel.status(i);
            if (status == PeelStatus.OK) {
                final long at = slab.position(batch.slots[i]);
                publish(i, at);
                fields.peeledNs(at, now);
            } else if (batch.verdicts[i] == Verdict.PENDING) {
                batch.verdicts[i] = verdictOf(status);
            }
        }
        batch.dropRefused(ends);
        peel.clear();
    }

    private void sample(PacketBatch batch, long nowNs) {
        event.packets = batch.count;
        event.peelNs = nowNs - fields.openedNs(slab.position(batch.slots[0]));
        event.begin(); // its time: a reused event would keep that of the batch before
        event.commit();
    }

    private void publish(int entry, long at) {
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
