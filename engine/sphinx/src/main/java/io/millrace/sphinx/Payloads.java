package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;
import static io.millrace.memory.Layouts.LE_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * The innermost delta.
 *
 * <pre>
 *  offset  length  field
 *       0      16  zeros      a changed bit of delta makes these 128 bits random
 *      16       2  length     of the payload, unsigned, little endian
 *      18  length  payload
 *           rest   zeros      written, not checked: they are under the same wide block
 * </pre>
 */
final class Payloads {
    /** What {@link #open} returns if the zeros are not there or the length is impossible. */
    static final int BAD = -1;

    private Payloads() {}

    /** Writes {@code payload}, no longer than the geometry's capacity, as a delta of the geometry's length. */
    static void seal(SphinxGeometry geometry, MemorySegment payload, MemorySegment target, long delta) {
        final long length = payload.byteSize();
        target.asSlice(delta, geometry.payloadLength()).fill((byte) 0);
        target.set(LE_SHORT, delta + SphinxGeometry.PAYLOAD_LENGTH_OFFSET, (short) length);
        MemorySegment.copy(payload, 0, target, delta + SphinxGeometry.PAYLOAD_OFFSET, length);
    }

    /** Checks the delta at {@code delta}, in constant time; returns the payload's length or {@link #BAD}. */
    static int open(MemorySegment segment, long delta, int capacity) {
        final long prefix = segment.get(LE_LONG, delta) | segment.get(LE_LONG, delta + Long.BYTES);
        final int length = Short.toUnsignedInt(segment.get(LE_SHORT, delta + SphinxGeometry.PAYLOAD_LENGTH_OFFSET));
        return prefix == 0 && length <= capacity ? length : BAD;
    }
}
