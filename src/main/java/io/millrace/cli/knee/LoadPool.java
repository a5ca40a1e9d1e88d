package io.millrace.cli.knee;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.cli.bench.bed.PreparedPackets;
import io.millrace.crypto.BatchCrypto;
import io.millrace.memory.TrackedArena;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EpochKey;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Distinct, real packets for {@code relay, downstream}, with what the generator must know of each: by which alpha it leaves
 * the relay, and which delay it is to be given there. Both are computed beforehand, by peeling a copy with the relay's key
 * and drawing with the relay's VRF key.
 *
 * <p>Read only once prepared, but for the delays, which follow the relay's epoch.
 */
final class LoadPool implements Traffic, AutoCloseable {
    private final PreparedPackets packets;
    private final long[] leavingAlphas;
    private final Plan plan;
    private final long[] tagsLow;
    private final long[] tagsHigh;
    private final long[] delaysNs;
    private final AlphaIndex leaving;

    private LoadPool(Plan plan, int count) {
        leavingAlphas = new long[count];
        this.plan = plan;
        tagsLow = new long[count];
        tagsHigh = new long[count];
        delaysNs = new long[count];
        leaving = new AlphaIndex(count);
        packets = PreparedPackets.prepare(plan.crypto(), count, from -> new Learner(plan, from));
    }

    /**
     * Who wraps, and for whom.
     *
     * @param relay the key of the relay under test; stays the caller's.
     * @param samplers makes a sampler like the relay's, one per thread.
     * @param epochKeys makes the key of the delays of an epoch of the relay; null where delays do not come from epochs.
     * @param senderDelay drawn by the sender under {@link DelayPolicy#SENDER}.
     * @param seed of what the sender draws.
     */
    record Plan(
            BatchCrypto crypto,
            RelaySphinxKey relay,
            RelayPublicKey downstream,
            Supplier<DelaySampler> samplers,
            LongFunction<EpochKey> epochKeys,
            DelayPolicy policy,
            DelayDistribution senderDelay,
            long seed) {}

    /** Prepares {@code count} packets on two threads. */
    static LoadPool prepare(Plan plan, int count) {
        final LoadPool pool = new LoadPool(plan, count);
        pool.index();
        pool.epoch(1);
        return pool;
    }

    @Override
    public int count() {
        return delaysNs.length;
    }

    @Override
    public void copyTo(int number, MemorySegment target, long position) {
        packets.copyTo(number, target, position);
    }

    /** Draws the delays that the relay's epoch gives the packets. */
    @Override
    public void epoch(long number) {
        if (plan.policy() != DelayPolicy.EPOCH_VRF) {
            return;
        }
        try (DelaySampler sampler = plan.samplers().get();
                EpochKey key = plan.epochKeys().apply(number)) {
            for (int i = 0; i < delaysNs.length; i++) {
                delaysNs[i] = sampler.delayNs(tagsLow[i], tagsHigh[i], 0, key);
            }
        }
    }

    /** The delay that the relay has to give packet {@code number}. */
    long delayNs(int number) {
        return delaysNs[number];
    }

    /** Knows packets as the relay sends them. */
    @Override
    public int number(long alpha) {
        return leaving.number(alpha);
    }

    @Override
    public void close() {
        packets.close();
    }

    private void index() {
        for (int number = 0; number < delaysNs.length; number++) {
            if (!leaving.add(leavingAlphas[number], number)) {
                throw new AssertionError("two packets with the same 8 bytes of alpha: packet " + number);
            }
        }
    }

    /** Wraps for the relay and its neighbour, and learns from a peeled copy of each packet. */
    private final class Learner implements PreparedPackets.Preparer {
        private final Plan plan;
        private final TrackedArena scratch = TrackedArena.shared();
        private final MemorySegment copies =
                scratch.allocate((long) PreparedPackets.BATCH * PreparedPackets.STRIDE, 64);
        private final RandomGenerator random;
        private final RelayPublicKey relay;
        private final SphinxHop last;
        private final SphinxPeeler peeler;
        private final PeelBatch peels;
        private final DelaySampler sampler;

        Learner(Plan plan, int from) {
            this.plan = plan;
            random = RandomGeneratorFactory.of("L64X128MixRandom").create(plan.seed() + from);
            relay = RelayPublicKey.copyOf(plan.relay().publicKey());
            last = new SphinxHop(plan.downstream(), 0);
            peeler = new SphinxPeeler(scratch, plan.crypto(), SphinxGeometry.MR1, PreparedPackets.BATCH);
            peels = new PeelBatch(scratch, SphinxGeometry.MR1, copies, PreparedPackets.BATCH);
            sampler = plan.samplers().get();
        }

        @Override
        public SphinxPath path(int number) {
            final long delayNs =
                    plan.policy() == DelayPolicy.SENDER ? plan.senderDelay().delayNs(random.nextLong()) : 0;
            return SphinxPath.toRecipient(List.of(new SphinxHop(relay, delayNs), last), 1, 2);
        }

        @Override
        public void finish(MemorySegment memory, int from, int to) {
            final long first = (long) from * PreparedPackets.STRIDE;
            MemorySegment.copy(memory, first, copies, 0, (long) (to - from) * PreparedPackets.STRIDE);
            peels.clear();
            for (int i = 0; i < to - from; i++) {
                peels.add((long) i * PreparedPackets.STRIDE);
            }
            PreparedPackets.peel(peeler, plan.relay(), peels);
            for (int i = 0; i < peels.count(); i++) {
                leavingAlphas[from + i] = copies.get(JAVA_LONG_UNALIGNED, peels.position(i));
                tagsLow[from + i] = peels.delayTagLow(i);
                tagsHigh[from + i] = peels.delayTagHigh(i);
                if (plan.policy() != DelayPolicy.EPOCH_VRF) {
                    delaysNs[from + i] = sampler.delayNs(tagsLow[from + i], tagsHigh[from + i], peels.delayNs(i), null);
                }
            }
            peels.clear();
        }

        @Override
        public void close() {
            sampler.close();
            scratch.close();
        }
    }
}
