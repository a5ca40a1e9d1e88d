package io.millrace.cli.bench;

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
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Distinct, real packets as they reach a relay in the middle of a path: each is wrapped by a sender for
 * {@code upstream, relay, downstream}, or for {@code upstream, relay} to be delivered here, and the upstream layer is
 * peeled off.
 *
 * <p>One packet in {@link #DELIVERED_EACH} is delivered. Read only once prepared.
 */
final class PacketPool implements AutoCloseable {
    /** Every how manyth packet ends at the relay under test. */
    static final int DELIVERED_EACH = 16;

    private static final SphinxGeometry GEOMETRY = SphinxGeometry.MR1;
    private static final int STRIDE = GEOMETRY.packetLength() + 64;
    private static final int BATCH = 64;
    private static final int THREADS = 2;
    private static final int PAYLOAD_LENGTH = 512;

    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment memory;
    private final int count;

    private PacketPool(int count) {
        this.count = count;
        this.memory = arena.allocate((long) count * STRIDE, 64);
    }

    /** Prepares {@code count} packets on two threads. */
    static PacketPool prepare(
            BatchCrypto crypto, RelaySphinxKey upstream, RelayPublicKey relay, RelayPublicKey downstream, int count) {
        final PacketPool pool = new PacketPool(count);
        final SphinxHop first = new SphinxHop(RelayPublicKey.copyOf(upstream.publicKey()), 0);
        final SphinxPath forwarded =
                SphinxPath.toRecipient(List.of(first, new SphinxHop(relay, 0), new SphinxHop(downstream, 0)), 1, 2);
        final SphinxPath delivered = SphinxPath.toRecipient(List.of(first, new SphinxHop(relay, 0)), 1, 2);
        final List<CompletableFuture<Void>> parts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            final int from = (int) ((long) count * thread / THREADS);
            final int to = (int) ((long) count * (thread + 1) / THREADS);
            final CompletableFuture<Void> part = new CompletableFuture<>();
            parts.add(part);
            Thread.ofPlatform().name("bench-prepare-" + thread).start(() -> {
                try {
                    pool.prepare(crypto, upstream, forwarded, delivered, from, to);
                    part.complete(null);
                } catch (RuntimeException | Error e) {
                    part.completeExceptionally(e);
                }
            });
        }
        parts.forEach(CompletableFuture::join);
        return pool;
    }

    /** Number of packets. */
    int count() {
        return count;
    }

    /** Copies packet {@code index} to {@code position} in {@code target}. */
    void copyTo(int index, MemorySegment target, long position) {
        MemorySegment.copy(memory, (long) index * STRIDE, target, position, GEOMETRY.packetLength());
    }

    @Override
    public void close() {
        arena.close();
    }

    private void prepare(
            BatchCrypto crypto, RelaySphinxKey upstream, SphinxPath forwarded, SphinxPath delivered, int from, int to) {
        try (TrackedArena scratch = TrackedArena.shared()) {
            final SphinxWrapper wrapper = new SphinxWrapper(scratch, crypto, new SecureRandomness(), GEOMETRY, BATCH);
            final SphinxPeeler peeler = new SphinxPeeler(scratch, crypto, GEOMETRY, BATCH);
            final WrapBatch wraps = new WrapBatch(GEOMETRY, memory, BATCH);
            final PeelBatch peels = new PeelBatch(scratch, GEOMETRY, memory, BATCH);
            for (int start = from; start < to; start += BATCH) {
                final int end = Math.min(start + BATCH, to);
                wraps.clear();
                peels.clear();
                for (int index = start; index < end; index++) {
                    final MemorySegment payload = MemorySegment.ofArray(new byte[PAYLOAD_LENGTH]);
                    payload.set(JAVA_LONG_UNALIGNED, 0, index);
                    wraps.add(
                            index % DELIVERED_EACH == DELIVERED_EACH - 1 ? delivered : forwarded,
                            payload,
                            (long) index * STRIDE);
                    peels.add((long) index * STRIDE);
                }
                wrapper.wrap(wraps);
                peeler.authenticate(upstream, peels);
                peeler.transform(peels);
                for (int i = 0; i < peels.count(); i++) {
                    if (peels.status(i) != PeelStatus.OK) {
                        throw new AssertionError(
                                "a prepared packet does not peel: " + PeelStatus.name(peels.status(i)));
                    }
                }
            }
        }
    }
}
