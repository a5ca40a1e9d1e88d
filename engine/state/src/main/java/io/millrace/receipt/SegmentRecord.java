package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.Ed25519;
import io.millrace.tlog.Hash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Layout of the record that begins every segment of a log but its first: enough to verify and prove from there on when the
 * segments before are deleted.
 *
 * <pre>
 *  offset       length  field
 *       0            1  version, 2
 *       1            1  count of peaks, 1 to 63
 *       2            1  count of cover hashes, 1 to 126
 *       3            5  zero
 *       8            8  index of the first receipt of the segment before
 *      16            8  index of the first receipt of this segment: the size of the log here
 *      24           32  root of the log of that size
 *      56           64  signature of the checkpoint of that size and root
 *     120   peaks * 32  peaks of the tree of that size, the largest first
 *      ..   cover * 32  hashes of the largest full subtrees that make up the segment before, in the order of their leaves
 * </pre>
 *
 * <p>Numbers are big endian. The covers of all segments prove that the log continues a checkpoint at the end of any of them.
 */
public final class SegmentRecord {
    /** First byte of the record. */
    static final byte VERSION = 2;

    /** Longest record in bytes. */
    static final int MAX_LENGTH = 120 + (63 + 126) * Hash.LENGTH;

    private static final int PEAKS_OFFSET = 1;
    private static final int COVER_OFFSET = 2;
    private static final int ZERO_OFFSET = 3;
    private static final int FROM_OFFSET = 8;
    private static final int SIZE_OFFSET = 16;
    private static final int ROOT_OFFSET = 24;
    private static final int SIGNATURE_OFFSET = 56;
    private static final int HEADER_LENGTH = 120;
    private static final long MAX_SIZE = 1L << 62;
    private static final ValueLayout.OfLong BE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SegmentRecord() {}

    /**
     * A full subtree.
     *
     * @param from index of its first leaf.
     * @param level binary logarithm of the number of its leaves.
     * @param hash of its root.
     */
    record Node(long from, int level, Hash hash) {
        long to() {
            return from + (1L << level);
        }
    }

    /**
     * Whether a record of a log begins a segment.
     *
     * @param record of a log.
     */
    public static boolean isOne(MemorySegment record) {
        return record.byteSize() > 0 && record.get(JAVA_BYTE, 0) == VERSION;
    }

    /**
     * Size of the log where the segment begins; of a record that {@link #isOne}.
     *
     * @param record that begins a segment.
     */
    public static long size(MemorySegment record) {
        return record.byteSize() < HEADER_LENGTH ? 0 : record.get(BE_LONG, SIZE_OFFSET);
    }

    /** Writes a record and returns its length in bytes. */
    static int write(
            MemorySegment record,
            long from,
            long size,
            MemorySegment root,
            MemorySegment signature,
            List<Hash> peaks,
            List<Hash> cover) {
        record.asSlice(0, HEADER_LENGTH).fill((byte) 0);
        record.set(JAVA_BYTE, 0, VERSION);
        record.set(JAVA_BYTE, PEAKS_OFFSET, (byte) peaks.size());
        record.set(JAVA_BYTE, COVER_OFFSET, (byte) cover.size());
        record.set(BE_LONG, FROM_OFFSET, from);
        record.set(BE_LONG, SIZE_OFFSET, size);
        MemorySegment.copy(root, 0, record, ROOT_OFFSET, Hash.LENGTH);
        MemorySegment.copy(signature, 0, record, SIGNATURE_OFFSET, Ed25519.SIGNATURE_LENGTH);
        long at = HEADER_LENGTH;
        for (List<Hash> hashes : List.of(peaks, cover)) {
            for (Hash hash : hashes) {
                hash.copyTo(record, at);
                at += Hash.LENGTH;
            }
        }
        return (int) at;
    }

    /** The fault of a record's form, or null. */
    static String fault(MemorySegment record) {
        if (record.byteSize() < HEADER_LENGTH) {
            return "the record is too short";
        }
        final long from = from(record);
        final long size = size(record);
        if (from < 0 || size <= from || size >= MAX_SIZE) {
            return "a segment begins at an index that cannot be: from=" + from + ", size=" + size;
        }
        final int peaks = Byte.toUnsignedInt(record.get(JAVA_BYTE, PEAKS_OFFSET));
        final int cover = Byte.toUnsignedInt(record.get(JAVA_BYTE, COVER_OFFSET));
        boolean zero = true;
        for (int at = ZERO_OFFSET; at < FROM_OFFSET; at++) {
            zero &= record.get(JAVA_BYTE, at) == 0;
        }
        if (!zero
                || peaks != Long.bitCount(size)
                || cover != levels(from, size).size()
                || record.byteSize() != HEADER_LENGTH + (long) (peaks + cover) * Hash.LENGTH) {
            return "the record of a segment is malformed: peaks=" + peaks + ", cover=" + cover + ", length="
                    + record.byteSize();
        }
        return null;
    }

    static long from(MemorySegment record) {
        return record.get(BE_LONG, FROM_OFFSET);
    }

    static Hash root(MemorySegment record) {
        return Hash.of(record, ROOT_OFFSET);
    }

    static byte[] signature(MemorySegment record) {
        return record.asSlice(SIGNATURE_OFFSET, Ed25519.SIGNATURE_LENGTH).toArray(JAVA_BYTE);
    }

    /** Peaks of the tree where the segment begins, the largest first. */
    static List<Node> peaks(MemorySegment record) {
        return nodes(record, 0, size(record), HEADER_LENGTH);
    }

    /** Subtrees that make up the segment before. */
    static List<Node> cover(MemorySegment record) {
        final long at = HEADER_LENGTH + (long) Long.bitCount(size(record)) * Hash.LENGTH;
        return nodes(record, from(record), size(record), at);
    }

    private static List<Node> nodes(MemorySegment record, long from, long to, long position) {
        final List<Node> nodes = new ArrayList<>();
        long first = from;
        for (int level : levels(from, to)) {
            nodes.add(new Node(first, level, Hash.of(record, position + (long) nodes.size() * Hash.LENGTH)));
            first += 1L << level;
        }
        return nodes;
    }

    /** Levels of the largest full subtrees that make up the leaves {@code from} (inclusive) to {@code to} (exclusive). */
    private static List<Integer> levels(long from, long to) {
        final List<Integer> levels = new ArrayList<>();
        for (long at = from; at < to; at += 1L << levels.getLast()) {
            final int room = 63 - Long.numberOfLeadingZeros(to - at);
            levels.add(at == 0 ? room : Math.min(room, Long.numberOfTrailingZeros(at)));
        }
        return levels;
    }
}
