package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.provider.BatchCrypto;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The client's side: wraps payloads into packets for a path.
 *
 * <p>Two scalar multiplications per hop: in mr1 in batches across packets, in mr2 across packets and hops. All that is secret
 * is wiped before a method returns. Not thread safe. Allocates little per packet, but does allocate.
 *
 * <p>Source: "Sphinx" sections 3.2 and 3.3; {@code src/docs/specs/sphinx-mr1.md} and {@code sphinx-mr2.md}.
 */
public final class SphinxWrapper {
    private final SphinxGeometry geometry;
    private final int limit;
    private final HeaderWriter headers;
    private final Lioness lioness;
    private final long[] blockPositions;
    private final long[] keyPositions;

    /**
     * Makes a wrapper.
     *
     * @param arena lives at least as long as the wrapper is used.
     * @param crypto provider of the batch operations; stays the caller's.
     * @param randomness gives the sender's secret of each packet (mr1) or hop (mr2) and the padding of the last hop.
     * @param geometry of all packets.
     * @param limit largest batch, 1 to {@link BatchCrypto#MAX_BATCH}; takes about 12 KiB of memory each.
     */
    public SphinxWrapper(Arena arena, BatchCrypto crypto, Randomness randomness, SphinxGeometry geometry, int limit) {
        if (limit < 1 || limit > BatchCrypto.MAX_BATCH) {
            throw new IllegalArgumentException("limit must be 1 to " + BatchCrypto.MAX_BATCH + ": limit=" + limit);
        }
        this.geometry = geometry;
        this.limit = limit;
        this.headers = new HeaderWriter(arena, crypto, randomness, geometry, limit);
        this.lioness = new Lioness(arena, crypto, headers.hopKeys().domains(), geometry, limit);
        this.blockPositions = new long[limit];
        this.keyPositions = new long[limit];
    }

    /**
     * Wraps one packet; as a batch of one.
     *
     * @param path relays and command of the last one.
     * @param payload 0 to {@link SphinxGeometry#payloadCapacity} bytes, on the heap or not.
     * @param target native; receives the packet, after which {@link SphinxGeometry#SPILL_LENGTH} bytes are overwritten.
     * @param position of the packet in {@code target}, in bytes.
     */
    public void wrap(SphinxPath path, MemorySegment payload, MemorySegment target, long position) {
        final WrapBatch batch = new WrapBatch(geometry, target, 1);
        batch.add(path, payload, position);
        wrap(batch);
    }

    /**
     * Wraps all packets of the batch, each with fresh secrets.
     *
     * @param batch of this thread, filled.
     * @throws IllegalArgumentException if a relay's public key is of low order; then no packet of the batch is valid.
     */
    public void wrap(WrapBatch batch) {
        if (batch.count() > limit || !batch.geometry.equals(geometry)) {
            throw new IllegalArgumentException(
                    "batch does not fit: count=" + batch.count() + ", limit=" + limit + ", " + batch.geometry);
        }
        if (batch.count() == 0) {
            return;
        }
        batch.requireOpen();
        try {
            headers.write(batch.count(), batch.paths, batch.target, batch.positions);
            encryptPayloads(batch);
            copyDelayTags(batch);
        } finally {
            headers.wipe();
        }
    }

    /** Memory that is zero between two batches, for the test that it is. */
    List<MemorySegment> scratch() {
        final List<MemorySegment> all = new ArrayList<>(headers.scratch());
        all.add(lioness.scratch());
        return all;
    }

    /** To the caller: besides the relays, no other party knows them. */
    private void copyDelayTags(WrapBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            for (int hop = 0; hop < batch.paths[i].length(); hop++) {
                final long at =
                        headers.keysPosition(i, hop) + geometry.profile().delayTagOffset();
                final long low = headers.keys().get(LE_LONG, at);
                batch.delayTag(i, hop, low, headers.keys().get(LE_LONG, at + Long.BYTES));
            }
        }
    }

    private void encryptPayloads(WrapBatch batch) {
        int longest = 0;
        for (int i = 0; i < batch.count(); i++) {
            final MemorySegment payload = batch.payloads[i];
            final long delta = batch.positions[i] + geometry.deltaOffset();
            Payloads.seal(geometry, payload, batch.target, delta);
            longest = Math.max(longest, batch.paths[i].length());
        }
        for (int hop = longest - 1; hop >= 0; hop--) {
            int selected = 0;
            for (int i = 0; i < batch.count(); i++) {
                if (batch.paths[i].length() > hop) {
                    blockPositions[selected] = batch.positions[i] + geometry.deltaOffset();
                    keyPositions[selected++] = headers.keysPosition(i, hop) + HopKeys.LIONESS_OFFSET;
                }
            }
            lioness.encrypt(selected, batch.target, blockPositions, headers.keys(), keyPositions);
        }
    }
}
