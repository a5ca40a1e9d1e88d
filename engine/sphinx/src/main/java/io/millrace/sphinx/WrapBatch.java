package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.BatchCrypto;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * Packets to be wrapped together: for each a path, a payload and where the packet goes. Reusable; not thread safe.
 *
 * <p>Payloads are read when {@link SphinxWrapper#wrap(WrapBatch)} runs, not before.
 */
public final class WrapBatch {
    final SphinxGeometry geometry;
    final MemorySegment target;
    final SphinxPath[] paths;
    final MemorySegment[] payloads;
    final long[] positions;
    final long[] delayTags; // by packet and hop, low word then high word

    private int count;

    /**
     * Makes an empty batch.
     *
     * @param geometry of all packets.
     * @param target native; receives the packets, each followed by {@link SphinxGeometry#SPILL_LENGTH} bytes that are
     *     overwritten.
     * @param limit most packets, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public WrapBatch(SphinxGeometry geometry, MemorySegment target, int limit) {
        if (limit < 1 || limit > BatchCrypto.MAX_BATCH) {
            throw new IllegalArgumentException("limit must be 1 to " + BatchCrypto.MAX_BATCH + ": limit=" + limit);
        }
        if (!target.isNative() || target.isReadOnly()) {
            throw new IllegalArgumentException("target must be a native segment that may be written: native="
                    + target.isNative() + ", readOnly=" + target.isReadOnly());
        }
        this.target = target;
        requireOpen();
        this.geometry = geometry;
        this.paths = new SphinxPath[limit];
        this.payloads = new MemorySegment[limit];
        this.positions = new long[limit];
        this.delayTags = new long[2 * limit * geometry.hops()];
    }

    /** Forgets all packets and wipes their delay tags. */
    public void clear() {
        Arrays.fill(delayTags, 0, 2 * count * geometry.hops(), 0);
        count = 0;
    }

    /**
     * Adds a packet; the batch must not be full.
     *
     * @param path 1 to the geometry's hops, of its profile.
     * @param payload 0 to {@link SphinxGeometry#payloadCapacity} bytes, on the heap or not; outside of the target.
     * @param position where the packet goes in the target.
     */
    public void add(SphinxPath path, MemorySegment payload, long position) {
        if (path.profile() != geometry.profile()) {
            throw new IllegalArgumentException(
                    "the path is of another profile: path=" + path.profile() + ", batch=" + geometry.profile());
        }
        if (path.length() > geometry.hops()) {
            throw new IllegalArgumentException("path too long: length=" + path.length() + ", hops=" + geometry.hops());
        }
        if (payload.byteSize() > geometry.payloadCapacity()) {
            throw new IllegalArgumentException("payload too long: payloadLength=" + payload.byteSize()
                    + ", payloadCapacity=" + geometry.payloadCapacity());
        }
        if (position < 0 || position + geometry.packetLength() + SphinxGeometry.SPILL_LENGTH > target.byteSize()) {
            throw new IndexOutOfBoundsException("packet outside of the target: position=" + position);
        }
        paths[count] = path;
        payloads[count] = payload;
        positions[count] = position;
        count++;
    }

    /**
     * First 8 bytes of a packet's delay tag at one hop; valid once wrapped. With the tag, anyone can check the packet's
     * delay once the relay has disclosed the epoch, and find the packet in the relay's receipts.
     *
     * @param packet 0 to {@link #count} - 1, in the order of {@link #add}.
     * @param hop 0 to the path's length - 1.
     * @return a little-endian number.
     */
    public long delayTagLow(int packet, int hop) {
        return delayTags[at(packet, hop)];
    }

    /**
     * Last 8 bytes of a packet's delay tag at one hop; valid once wrapped.
     *
     * @param packet 0 to {@link #count} - 1, in the order of {@link #add}.
     * @param hop 0 to the path's length - 1.
     * @return a little-endian number.
     */
    public long delayTagHigh(int packet, int hop) {
        return delayTags[at(packet, hop) + 1];
    }

    /** Number of packets. */
    public int count() {
        return count;
    }

    /** Most packets that fit. */
    public int limit() {
        return paths.length;
    }

    /** Whether no further packet fits. */
    public boolean isFull() {
        return count == paths.length;
    }

    void delayTag(int packet, int hop, long low, long high) {
        final int at = at(packet, hop);
        delayTags[at] = low;
        delayTags[at + 1] = high;
    }

    private int at(int packet, int hop) {
        Objects.checkIndex(packet, count);
        Objects.checkIndex(hop, paths[packet].length());
        return 2 * (packet * geometry.hops() + hop);
    }

    /** Checks that the segment is open to this thread: C gets its address and would not notice. */
    void requireOpen() {
        target.get(JAVA_BYTE, 0);
    }
}
