package io.millrace.sphinx;

import io.millrace.crypto.Wiping;
import io.millrace.crypto.provider.BatchCrypto;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Answers to a SURB: puts its header before an encrypted payload, and the packet is ready. No scalar multiplication.
 *
 * <p>A SURB is good for one reply: a second one has the same replay tags and the first relay drops it. Not thread safe.
 *
 * <p>Source: "Sphinx" section 3.5.
 */
public final class SurbReplier {
    private final SphinxGeometry geometry;
    private final SurbKeys surbKeys;
    private final Lioness lioness;
    private final MemorySegment scratch; // keys of the wide block, then the payload key
    private final long[] blockPosition = new long[1];
    private final long[] keyPosition = new long[1];

    /**
     * Makes a replier; the arena lives at least as long as it is used.
     *
     * @param arena owner of the scratch memory.
     * @param crypto provider of the batch operations; stays the caller's.
     * @param geometry of all packets.
     */
    public SurbReplier(Arena arena, BatchCrypto crypto, SphinxGeometry geometry) {
        final Domains domains = new Domains(arena, geometry.profile());
        this.geometry = geometry;
        this.surbKeys = new SurbKeys(arena, crypto, domains);
        this.lioness = new Lioness(arena, crypto, domains, geometry, 1);
        this.scratch = arena.allocate(SurbKeys.LENGTH + Surb.PAYLOAD_KEY_LENGTH, 64);
    }

    /**
     * Makes the packet of a reply.
     *
     * @param surb {@link Surb#length} bytes, on the heap or not; the caller must not use it again.
     * @param payload 0 to {@link SphinxGeometry#payloadCapacity} bytes, on the heap or not.
     * @param target native; receives the packet, after which {@link SphinxGeometry#SPILL_LENGTH} bytes are overwritten.
     * @param position of the packet in {@code target}, in bytes.
     * @return the relay to which the packet is sent.
     */
    public RelayId reply(MemorySegment surb, MemorySegment payload, MemorySegment target, long position) {
        if (surb.byteSize() != Surb.length(geometry)) {
            throw new IllegalArgumentException(
                    "a SURB is " + Surb.length(geometry) + " bytes: surbLength=" + surb.byteSize());
        }
        if (payload.byteSize() > geometry.payloadCapacity()) {
            throw new IllegalArgumentException("payload too long: payloadLength=" + payload.byteSize()
                    + ", payloadCapacity=" + geometry.payloadCapacity());
        }
        if (!target.isNative()
                || position < 0
                || position + geometry.packetLength() + SphinxGeometry.SPILL_LENGTH > target.byteSize()) {
            throw new IndexOutOfBoundsException("packet outside of the target: position=" + position);
        }
        final long delta = position + geometry.deltaOffset();
        MemorySegment.copy(surb, Surb.HEADER_OFFSET, target, position, geometry.headerLength());
        Payloads.seal(geometry, payload, target, delta);
        try {
            MemorySegment.copy(
                    surb, Surb.payloadKeyOffset(geometry), scratch, SurbKeys.LENGTH, Surb.PAYLOAD_KEY_LENGTH);
            surbKeys.expand(scratch, SurbKeys.LENGTH, 0);
            blockPosition[0] = delta;
            lioness.encrypt(1, target, blockPosition, scratch, keyPosition);
        } finally {
            Wiping.wipe(scratch);
        }
        return RelayId.read(surb, Surb.FIRST_RELAY_OFFSET);
    }

    /** Memory that is zero between two replies, for the test that it is. */
    List<MemorySegment> scratch() {
        return List.of(scratch, lioness.scratch());
    }
}
