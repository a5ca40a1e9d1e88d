package io.millrace.rig.knee;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.TrackedArena;
import io.millrace.rig.bed.AlphaIndex;
import io.millrace.rig.bed.PreparedPackets;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Distinct, real packets for the relay and one of its neighbours, with the generator's notes on each: which neighbour
 * sends it, for which key epoch it is, by which alpha it leaves the relay, and which delay the epoch's VRF output gives it.
 * The last two are computed beforehand, by peeling a copy with the relay's key and drawing with the relay's VRF key.
 *
 * <p>Read only once prepared.
 */
final class LoadPool implements Traffic, AutoCloseable {
    private final PreparedPackets packets;
    private final long[] leavingAlphas;
    private final long[] delaysNs;
    private final byte[] senders;
    private final KneeCase circumstances;
    private final AlphaIndex leaving;

    private LoadPool(Plan plan, int count) {
        circumstances = plan.circumstances();
        senders = new byte[count];
        leavingAlphas = new long[count];
        delaysNs = new long[count];
        leaving = new AlphaIndex(count);
        packets = PreparedPackets.prepare(plan.crypto(), plan.geometry(), count, from -> new Learner(plan, from));
    }

    /**
     * Who wraps, and for whom.
     *
     * @param circumstances say how many neighbours and epochs there are.
     * @param relay the keys of the relay under test, one an epoch; stay the caller's.
     * @param neighbours their Sphinx keys.
     * @param samplers makes a sampler like the relay's, one a thread.
     * @param epochKeys makes the key of the delays of an epoch; null where delays do not come from epochs.
     * @param senderDelay drawn by the sender under {@link DelayPolicy#SENDER}.
     * @param seed of the sender's draws.
     */
    record Plan(
            BatchCrypto crypto,
            KneeCase circumstances,
            List<RelaySphinxKey> relay,
            List<RelayPublicKey> neighbours,
            Supplier<DelaySampler> samplers,
            LongFunction<DelayEpoch> epochKeys,
            DelayPolicy policy,
            DelayDistribution senderDelay,
            long seed) {
        /** Geometry of the packets, of the profile of the relays. */
        SphinxGeometry geometry() {
            return SphinxGeometry.of(relay.getFirst().profile());
        }
    }

    /** Prepares {@code count} packets on two threads. */
    static LoadPool prepare(Plan plan, int count) {
        final LoadPool pool = new LoadPool(plan, count);
        pool.index();
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

    @Override
    public int sender(int number) {
        return senders[number];
    }

    @Override
    public int epoch(int number) {
        return circumstances.epochOf(number, delaysNs.length);
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

    /** Wraps for the relay and a neighbour, and learns from a peeled copy of each packet. */
    private final class Learner implements PreparedPackets.Preparer {
        private final Plan plan;
        private final TrackedArena scratch = TrackedArena.shared();
        private final MemorySegment copies =
                scratch.allocate((long) PreparedPackets.BATCH * PreparedPackets.STRIDE, 64);
        private final RandomGenerator random;
        private final List<RelayPublicKey> relay;
        private final List<SphinxHop> last;
        private final SphinxPeeler peeler;
        private final PeelBatch peels;
        private final DelaySampler sampler;
        private final List<DelayEpoch> epochKeys = new ArrayList<>(); // of null, where delays do not come from epochs

        Learner(Plan plan, int from) {
            this.plan = plan;
            random = RandomGeneratorFactory.of("L64X128MixRandom").create(plan.seed() + from);
            relay = plan.relay().stream()
                    .map(key -> RelayPublicKey.copyOf(key.publicKey(), key.profile()))
                    .toList();
            last = plan.neighbours().stream().map(key -> new SphinxHop(key, 0)).toList();
            peeler = new SphinxPeeler(scratch, plan.crypto(), plan.geometry(), PreparedPackets.BATCH);
            peels = new PeelBatch(scratch, plan.geometry(), copies, PreparedPackets.BATCH);
            sampler = plan.samplers().get();
            for (int epoch = 1; epoch <= relay.size(); epoch++) {
                epochKeys.add(plan.epochKeys().apply(epoch));
            }
        }

        @Override
        public SphinxPath path(int number) {
            final long delayNs =
                    plan.policy() == DelayPolicy.SENDER ? plan.senderDelay().delayNs(random.nextLong()) : 0;
            final int neighbours = last.size();
            final int sender = neighbours == 2 ? 0 : random.nextInt(neighbours);
            final int receiver = (sender + 1 + random.nextInt(neighbours - 1)) % neighbours;
            senders[number] = (byte) sender;
            return SphinxPath.toRecipient(
                    List.of(new SphinxHop(relay.get(epoch(number) - 1), delayNs), last.get(receiver)), 1, 2);
        }

        @Override
        public void finish(MemorySegment memory, int from, int to) {
            for (int begin = from; begin < to; ) {
                int end = begin + 1;
                while (end < to && epoch(end) == epoch(begin)) {
                    end++;
                }
                learn(memory, begin, end);
                begin = end;
            }
        }

        /** From packets of one epoch. */
        private void learn(MemorySegment memory, int from, int to) {
            final int epoch = epoch(from) - 1;
            final long first = (long) from * PreparedPackets.STRIDE;
            MemorySegment.copy(memory, first, copies, 0, (long) (to - from) * PreparedPackets.STRIDE);
            peels.clear();
            for (int i = 0; i < to - from; i++) {
                peels.add((long) i * PreparedPackets.STRIDE);
            }
            PreparedPackets.peel(peeler, plan.relay().get(epoch), peels);
            for (int i = 0; i < peels.count(); i++) {
                leavingAlphas[from + i] = copies.get(JAVA_LONG_UNALIGNED, peels.position(i));
                delaysNs[from + i] = sampler.delayNs(
                        peels.delayTagLow(i), peels.delayTagHigh(i), peels.delayNs(i), epochKeys.get(epoch));
            }
            peels.clear();
        }

        @Override
        public void close() {
            sampler.close();
            epochKeys.stream().filter(Objects::nonNull).forEach(DelayEpoch::close);
            scratch.close();
        }
    }
}
