package io.millrace.rig.bed;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.TrackedArena;
import io.millrace.node.NodeEngine;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.rig.judge.Passages;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends packets through an engine at a light load, to see when each leaves: all prepared ones, but few, at random times
 * (a Poisson process), in two key epochs. Their delays are computed from the epochs' VRF outputs, as a checker does after the
 * disclosure.
 *
 * <p>Used once, by one thread.
 */
public final class DepartureRun {
    private static final int PACKETS_MAX = 8_192;
    private static final double INSIDE = 4;
    private static final double SECONDS_MAX = 3;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int EPOCHS = 2;

    private final SecureRandom hashKeys = new SecureRandom();
    private final BenchFixture bed;
    private final MeasuredPath path;
    private final BatchCrypto crypto;
    private final BatchCrypto honest;
    private final PreparedPackets packets;
    private final int count;
    private final long[] delaysNs;
    private final AlphaIndex leaving;

    /**
     * Prepares a run.
     *
     * @param bed stays the caller's and outlives this.
     * @param path how the relay works.
     * @param crypto the relay's provider, which may cheat.
     * @param honest the provider of its neighbours, and of the checker.
     * @param packets as {@code bed} made them; stay the caller's.
     */
    public DepartureRun(
            BenchFixture bed, MeasuredPath path, BatchCrypto crypto, BatchCrypto honest, PreparedPackets packets) {
        this.bed = bed;
        this.path = path;
        this.crypto = crypto;
        this.honest = honest;
        this.packets = packets;
        this.count = Math.min(PACKETS_MAX, packets.count());
        this.delaysNs = new long[count];
        this.leaving = new AlphaIndex(count);
        learn();
    }

    /**
     * Sends the packets.
     *
     * @param seed of their times.
     * @return the times of those that left.
     * @throws IllegalStateException if the engine failed, or some packets neither left nor were dropped in a minute.
     */
    public Passages run(long seed) throws InterruptedException {
        final PacedNeighbours neighbours = new PacedNeighbours(bed, honest, packets, leaving, dueNs(seed), EPOCHS);
        final NodeEngine.Parts parts = new NodeEngine.Parts(
                crypto,
                bed.vrfKey(),
                new NodeEngine.First(keyEpoch(1)),
                neighbours,
                Optional.empty(),
                bed.peers(),
                new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        neighbours.delivered(delivery.payload().get(JAVA_LONG_UNALIGNED, 0));
                        return true;
                    }
                },
                Optional.empty());
        try (RelayEngine engine = NodeEngine.build(path.engine(), parts)) {
            neighbours.engine(engine, this::keyEpoch);
            engine.start();
            final long began = System.nanoTime();
            while (neighbours.left() + engine.counters().droppedTotal() < count) {
                Thread.sleep(1);
                engine.failure().ifPresent(failure -> {
                    throw new IllegalStateException("the engine failed", failure);
                });
                if (System.nanoTime() - began > PATIENCE_NS) {
                    throw new IllegalStateException("packets did not leave: " + engine.counters());
                }
            }
            engine.stop(BenchSubject.DRAIN);
            return neighbours.passages(delaysNs);
        }
    }

    private DelayEpoch delayEpoch(long number) {
        return NodeEngine.delayEpoch(path.engine(), bed.vrfKey(), bed.relayIdBytes(), number);
    }

    /** Epoch of packet {@code number}, 1 or more. */
    static int epochOf(int number, int count, int epochs) {
        return 1 + (int) ((long) number * epochs / count);
    }

    private long[] dueNs(long seed) {
        final var random = new java.util.SplittableRandom(seed);
        final double meanNs = meanNs();
        final double gapNs = Math.min(meanNs / INSIDE, SECONDS_MAX * TimeUnit.SECONDS.toNanos(1) / count);
        final long[] due = new long[count];
        double now = 0;
        for (int i = 0; i < count; i++) {
            due[i] = (long) now;
            now -= Math.log(1 - random.nextDouble()) * Math.max(1, gapNs);
        }
        return due;
    }

    private double meanNs() {
        return Math.max(1, Arrays.stream(delaysNs).average().orElse(1));
    }

    private SphinxEpoch keyEpoch(long number) {
        final ReplaySet set = new ReplaySet(count, hashKeys.nextLong(), hashKeys.nextLong());
        return new SphinxEpoch(number, bed.relayKey(), ReplayFilter.inMemory(set), delayEpoch(number));
    }

    /** By which alpha each packet leaves, and what delay the epoch gives it: by peeling copies. */
    private void learn() {
        try (TrackedArena scratch = TrackedArena.shared();
                RelaySphinxKey key = bed.relayKey();
                DelaySampler sampler = NodeEngine.sampler(path.engine(), bed.vrfKey())) {
            final MemorySegment copies = scratch.allocate((long) PreparedPackets.BATCH * PreparedPackets.STRIDE, 64);
            final SphinxPeeler peeler = new SphinxPeeler(scratch, honest, bed.geometry(), PreparedPackets.BATCH);
            final PeelBatch peels = new PeelBatch(scratch, bed.geometry(), copies, PreparedPackets.BATCH);
            final DelayEpoch[] epochs = new DelayEpoch[EPOCHS];
            Arrays.setAll(epochs, index -> delayEpoch(index + 1L));
            for (int from = 0; from < count; from += PreparedPackets.BATCH) {
                peels.clear();
                for (int i = 0; i < Math.min(PreparedPackets.BATCH, count - from); i++) {
                    packets.copyTo(from + i, copies, (long) i * PreparedPackets.STRIDE);
                    peels.add((long) i * PreparedPackets.STRIDE);
                }
                PreparedPackets.peel(peeler, key, peels);
                for (int i = 0; i < peels.count(); i++) {
                    final DelayEpoch epoch = epochs[epochOf(from + i, count, EPOCHS) - 1];
                    leaving.add(copies.get(JAVA_LONG_UNALIGNED, peels.position(i)), from + i);
                    delaysNs[from + i] =
                            sampler.delayNs(peels.delayTagLow(i), peels.delayTagHigh(i), peels.delayNs(i), epoch);
                }
            }
            for (DelayEpoch epoch : epochs) {
                if (epoch != null) {
                    epoch.close();
                }
            }
        }
    }
}
