package io.millrace.rig.bed;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.TrackedArena;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Packets as they reach a relay in the middle of a path: each is wrapped by a sender for {@code upstream, relay,
 * downstream}, or for {@code upstream, relay} to be delivered here, and the upstream layer is peeled off.
 *
 * <p>One packet in {@link #DELIVERED_EACH} is delivered. Belongs to one thread that prepares.
 */
final class PreparedSphinxPackets implements PreparedPackets.Preparer {
    /** Every how manyth packet ends at the relay under test. */
    static final int DELIVERED_EACH = 16;

    private final TrackedArena scratch = TrackedArena.shared();
    private final Route route;
    private final LongSupplier delaysNs;
    private final SphinxHop first;
    private final SphinxPeeler peeler;
    private PeelBatch peels;

    private PreparedSphinxPackets(BatchCrypto crypto, Route route, LongSupplier delaysNs) {
        this.route = route;
        this.delaysNs = delaysNs;
        this.first = new SphinxHop(
                RelayPublicKey.copyOf(
                        route.upstream().publicKey(), route.upstream().profile()),
                0);
        this.peeler = new SphinxPeeler(scratch, crypto, route.geometry(), PreparedPackets.BATCH);
    }

    /**
     * The relays on the way.
     *
     * @param upstream stays the caller's.
     * @param downstream the relay's neighbours, by index; of two, the second receives all.
     */
    record Route(RelaySphinxKey upstream, RelayPublicKey relay, List<RelayPublicKey> downstream) {
        /** Geometry of the packets, of the profile of the relays. */
        SphinxGeometry geometry() {
            return SphinxGeometry.of(upstream.profile());
        }

        /** Index of the neighbour that sends packet {@code number}. */
        static int sender(int number, int neighbours) {
            return neighbours == 2 ? 0 : (number + number / DELIVERED_EACH) % neighbours;
        }

        /** Index of the neighbour to which packet {@code number} goes: never its sender. */
        static int receiver(int number, int neighbours) {
            return (sender(number, neighbours) + 1 + number % (neighbours - 1)) % neighbours;
        }
    }

    /**
     * Prepares {@code count} packets.
     *
     * @param delaysNs what senders ask the relay for, in nanoseconds; asked from several threads.
     */
    static PreparedPackets prepare(BatchCrypto crypto, Route route, LongSupplier delaysNs, int count) {
        return PreparedPackets.prepare(
                crypto, route.geometry(), count, from -> new PreparedSphinxPackets(crypto, route, delaysNs));
    }

    @Override
    public SphinxPath path(int number) {
        final SphinxHop relay = new SphinxHop(route.relay(), delaysNs.getAsLong());
        return SphinxPath.toRecipient(
                number % DELIVERED_EACH == DELIVERED_EACH - 1
                        ? List.of(first, relay)
                        : List.of(
                                first,
                                relay,
                                new SphinxHop(
                                        route.downstream()
                                                .get(Route.receiver(
                                                        number,
                                                        route.downstream().size())),
                                        0)),
                1,
                2);
    }

    @Override
    public void finish(MemorySegment memory, int from, int to) {
        if (peels == null) {
            peels = new PeelBatch(scratch, route.geometry(), memory, PreparedPackets.BATCH);
        }
        peels.clear();
        for (int number = from; number < to; number++) {
            peels.add((long) number * PreparedPackets.STRIDE);
        }
        PreparedPackets.peel(peeler, route.upstream(), peels);
        peels.clear();
    }

    @Override
    public void close() {
        scratch.close();
    }
}
