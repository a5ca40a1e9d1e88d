package io.millrace.cli.vectors;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.sphinx.SphinxProfile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A packet that a relay must drop, for one reason. */
final class SphinxRefusal {
    // Two times eight lanes, and one left over.
    private static final int COPIES = 17;

    private SphinxRefusal() {}

    /** Peels the packet alone and as every element of a batch; each time it is dropped as the case says. */
    static void check(SphinxProfile profile, BatchCrypto provider, CaseFields fields) {
        final SphinxGeometry geometry = SphinxGeometry.of(profile);
        final Arena arena = fields.arena();
        final MemorySegment packet = fields.bytes("packet");
        if (packet.byteSize() != geometry.packetLength()) {
            throw new VectorMismatch("malformed: a packet of " + packet.byteSize() + " bytes");
        }
        final long stride = geometry.packetLength() + 64L;
        final MemorySegment packets = arena.allocate(COPIES * stride, 64);
        final String expected = fields.text("dropReason");
        try (RelaySphinxKey key = new RelaySphinxKey(SecretKey.copyOf(fields.bytes("privateKey")), profile)) {
            for (final int count : new int[] {1, COPIES}) {
                final SphinxPeeler peeler = new SphinxPeeler(arena, provider, geometry, count);
                final PeelBatch batch = new PeelBatch(arena, geometry, packets, count);
                for (int i = 0; i < count; i++) {
                    packets.asSlice(i * stride).copyFrom(packet);
                    batch.add(i * stride);
                }
                peeler.authenticate(key, batch);
                peeler.transform(batch);
                for (int i = 0; i < count; i++) {
                    if (!PeelStatus.name(batch.status(i)).equals(expected)) {
                        throw new VectorMismatch("packet " + i + " of " + count + ": expected=" + expected + ", actual="
                                + PeelStatus.name(batch.status(i)));
                    }
                }
            }
        }
    }
}
