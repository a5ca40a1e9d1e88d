package io.millrace.cli.knee;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.SecureRandomness;
import io.millrace.memory.TrackedArena;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.WrapBatch;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Distinct, real packets for {@code relay, downstream}, with what the generator must know of each: by which alpha it leaves
 * the relay, and which delay it is to be given there. Both are computed beforehand, by peeling a copy with the relay's key
 * and drawing with the relay's VRF key.
 *
 * <p>Read only once prepared.
 */
final class LoadPool implements AutoCloseable {
    private static final SphinxGeometry GEOMETRY = SphinxGeometry.MR1;
    private static final int STRIDE = GEOMETRY.packetLength() + SphinxGeometry.SPILL_LENGTH;
    private static final int BATCH = 64;
    private static final int THREADS = 2;
    private static final int PAYLOAD_LENGTH = 512;

    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment memory;
    private final long[] leavingAlphas;
    private final long[] delaysNs;
    private final AlphaIndex arriving;
    private final AlphaIndex leaving;

    private LoadPool(int count) {
        memory = arena.allocate((long) count * STRIDE, 64);
        leavingAlphas = new long[count];
        delaysNs = new long[count];
        arriving = new AlphaIndex(count);
        leaving = new AlphaIndex(count);
    }

    /**
     * Who wraps, and for whom.
     *
     * @param relay the key of the relay under test; stays the caller's.
     * @param samplers makes a sampler like the relay's, one per thread.
     * @param senderDelay drawn by the sender under {@link DelayPolicy#SENDER}.
     * @param seed of what the sender draws.
     */
    record Plan(
            BatchCrypto crypto,
            RelaySphinxKey relay,
            RelayPublicKey downstream,
            Supplier<DelaySampler> samplers,
            DelayPolicy policy,
            DelayDistribution senderDelay,
            long seed) {}

    /** Prepares {@code count} packets on two threads. */
    static LoadPool prepare(Plan plan, int count) {
        final LoadPool pool = new LoadPool(count);
        final List<CompletableFuture<Void>> parts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            final int from = (int) ((long) count * thread / THREADS);
            final int to = (int) ((long) count * (thread + 1) / THREADS);
            final CompletableFuture<Void> part = new CompletableFuture<>();
            parts.add(part);
            Thread.ofPlatform().name("knee-prepare-" + thread).start(() -> {
                try {
                    pool.prepare(plan, from, to);
                    part.complete(null);
                } catch (RuntimeException | Error e) {
                    part.completeExceptionally(e);
                }
            });
        }
        parts.forEach(CompletableFuture::join);
        pool.index();
        return pool;
    }

    int count() {
        return delaysNs.length;
    }

    /** Copies packet {@code number} to {@code position} in {@code target}. */
    void copyTo(int number, MemorySegment target, long position) {
        MemorySegment.copy(memory, (long) number * STRIDE, target, position, GEOMETRY.packetLength());
    }

    /** The delay that the relay has to give packet {@code number}. */
    long delayNs(int number) {
        return delaysNs[number];
    }

    /** Knows packets as the relay receives them, which is also how the forwarder sends them. */
    AlphaIndex arriving() {
        return arriving;
    }

    /** Knows packets as the relay sends them. */
    AlphaIndex leaving() {
        return leaving;
    }

    @Override
    public void close() {
        arena.close();
    }

    private void prepare(Plan plan, int from, int to) {
        final RandomGenerator random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(plan.seed() + from);
        final RelayPublicKey relay = RelayPublicKey.copyOf(plan.relay().publicKey());
        final SphinxHop last = new SphinxHop(plan.downstream(), 0);
        final SphinxPath undelayed = SphinxPath.toRecipient(List.of(new SphinxHop(relay, 0), last), 1, 2);
        try (TrackedArena scratch = TrackedArena.shared();
                DelaySampler sampler = plan.samplers().get()) {
            final SphinxWrapper wrapper =
                    new SphinxWrapper(scratch, plan.crypto(), new SecureRandomness(), GEOMETRY, BATCH);
            final SphinxPeeler peeler = new SphinxPeeler(scratch, plan.crypto(), GEOMETRY, BATCH);
            final MemorySegment copies = scratch.allocate((long) BATCH * STRIDE, 64);
            final WrapBatch wraps = new WrapBatch(GEOMETRY, memory, BATCH);
            final PeelBatch peels = new PeelBatch(scratch, GEOMETRY, copies, BATCH);
            for (int start = from; start < to; start += BATCH) {
                final int end = Math.min(start + BATCH, to);
                wraps.clear();
                peels.clear();
                for (int number = start; number < end; number++) {
                    final MemorySegment payload = MemorySegment.ofArray(new byte[PAYLOAD_LENGTH]);
                    payload.set(JAVA_LONG_UNALIGNED, 0, number);
                    final SphinxPath path = plan.policy() == DelayPolicy.SENDER
                            ? SphinxPath.toRecipient(
                                    List.of(
                                            new SphinxHop(
                                                    relay, plan.senderDelay().delayNs(random.nextLong())),
                                            last),
                                    1,
                                    2)
                            : undelayed;
                    wraps.add(path, payload, (long) number * STRIDE);
                    peels.add((long) (number - start) * STRIDE);
                }
                wrapper.wrap(wraps);
                MemorySegment.copy(memory, (long) start * STRIDE, copies, 0, (long) (end - start) * STRIDE);
                peeler.authenticate(plan.relay(), peels);
                peeler.transform(peels);
                learn(sampler, copies, peels, start);
            }
            peels.clear();
        }
    }

    private void learn(DelaySampler sampler, MemorySegment copies, PeelBatch peels, int start) {
        for (int i = 0; i < peels.count(); i++) {
            if (peels.status(i) != PeelStatus.OK) {
                throw new AssertionError("a prepared packet does not peel: " + PeelStatus.name(peels.status(i)));
            }
            leavingAlphas[start + i] = copies.get(JAVA_LONG_UNALIGNED, peels.position(i));
            delaysNs[start + i] = sampler.delayNs(peels.tagLow(i), peels.tagHigh(i), peels.delayNs(i));
        }
    }

    private void index() {
        for (int number = 0; number < delaysNs.length; number++) {
            final long alpha = memory.get(JAVA_LONG_UNALIGNED, (long) number * STRIDE);
            if (!arriving.add(alpha, number) || !leaving.add(leavingAlphas[number], number)) {
                throw new AssertionError("two packets with the same 8 bytes of alpha: packet " + number);
            }
        }
    }
}
