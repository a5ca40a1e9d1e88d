package io.millrace.rig.bed;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.TrackedArena;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.WrapBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Distinct, real packets, wrapped beforehand on two threads. Read only once prepared.
 */
public final class PreparedPackets implements AutoCloseable {
    /** Packets that are wrapped at once, and the most that {@link Preparer#finish} is given. */
    public static final int BATCH = 64;

    /** From the start of one packet to that of the next, in bytes: a whole number of cache lines. */
    public static final int STRIDE = SphinxGeometry.MR1.packetLength() + 64;

    private static final int PACKET_LENGTH = SphinxGeometry.MR1.packetLength(); // of every profile
    private static final int THREADS = 2;
    private static final int PAYLOAD_LENGTH = 512;

    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment memory;
    private final int count;

    private PreparedPackets(int count) {
        this.count = count;
        this.memory = arena.allocate((long) count * STRIDE, 64);
    }

    /** Destination and use of wrapped packets; used by one thread. */
    public interface Preparer extends AutoCloseable {
        /**
         * The path of packet {@code number}.
         *
         * @param number of the packet, 0 up to the count.
         */
        SphinxPath path(int number);

        /**
         * Does the rest with the packets {@code from} to {@code to - 1}, which lie {@link #STRIDE} apart.
         *
         * @param memory of all packets.
         * @param from number of the first packet.
         * @param to number after the last packet.
         */
        void finish(MemorySegment memory, int from, int to);

        @Override
        void close();
    }

    /**
     * Prepares {@code count} packets. Each one's payload begins with its number.
     *
     * @param crypto wraps the packets; stays the caller's.
     * @param geometry of the packets.
     * @param count packets, 1 or more.
     * @param preparers makes the preparer of the thread that begins with packet number {@code from}, on that thread.
     */
    public static PreparedPackets prepare(
            BatchCrypto crypto, SphinxGeometry geometry, int count, IntFunction<Preparer> preparers) {
        final PreparedPackets packets = new PreparedPackets(count);
        final List<CompletableFuture<Void>> parts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            final int from = (int) ((long) count * thread / THREADS);
            final int to = (int) ((long) count * (thread + 1) / THREADS);
            final CompletableFuture<Void> part = new CompletableFuture<>();
            parts.add(part);
            Thread.ofPlatform().name("prepare-" + thread).start(() -> {
                try (Preparer preparer = preparers.apply(from)) {
                    packets.wrap(crypto, geometry, preparer, from, to);
                    part.complete(null);
                } catch (RuntimeException | Error e) {
                    part.completeExceptionally(e);
                }
            });
        }
        parts.forEach(CompletableFuture::join);
        return packets;
    }

    /**
     * Peels one layer off each packet of a batch, which must be authentic: it was wrapped here.
     *
     * @param peeler does the work.
     * @param key of the relay whose layer is peeled.
     * @param peels the packets.
     */
    public static void peel(SphinxPeeler peeler, RelaySphinxKey key, PeelBatch peels) {
        peeler.authenticate(key, peels);
        peeler.transform(peels);
        for (int i = 0; i < peels.count(); i++) {
            if (peels.status(i) != PeelStatus.OK) {
                throw new AssertionError("a prepared packet does not peel: " + PeelStatus.name(peels.status(i)));
            }
        }
    }

    /** Number of packets. */
    public int count() {
        return count;
    }

    /**
     * Copies packet {@code number} to {@code position} in {@code target}.
     *
     * @param number of the packet, 0 up to the count.
     * @param target receives the whole packet.
     * @param position of the packet in {@code target}, in bytes.
     */
    public void copyTo(int number, MemorySegment target, long position) {
        MemorySegment.copy(memory, position(number), target, position, PACKET_LENGTH);
    }

    /**
     * The first 8 bytes of packet {@code number}'s alpha.
     *
     * @param number of the packet, 0 up to the count.
     */
    public long alpha(int number) {
        return memory.get(JAVA_LONG_UNALIGNED, position(number));
    }

    @Override
    public void close() {
        arena.close();
    }

    private static long position(int number) {
        return (long) number * STRIDE;
    }

    private void wrap(BatchCrypto crypto, SphinxGeometry geometry, Preparer preparer, int from, int to) {
        try (TrackedArena scratch = TrackedArena.shared()) {
            final SphinxWrapper wrapper = new SphinxWrapper(scratch, crypto, new SecureRandomness(), geometry, BATCH);
            final WrapBatch wraps = new WrapBatch(geometry, memory, BATCH);
            for (int start = from; start < to; start += BATCH) {
                final int end = Math.min(start + BATCH, to);
                wraps.clear();
                for (int number = start; number < end; number++) {
                    final MemorySegment payload = MemorySegment.ofArray(new byte[PAYLOAD_LENGTH]);
                    payload.set(JAVA_LONG_UNALIGNED, 0, number);
                    wraps.add(preparer.path(number), payload, position(number));
                }
                wrapper.wrap(wraps);
                preparer.finish(memory, start, end);
            }
        }
    }
}
