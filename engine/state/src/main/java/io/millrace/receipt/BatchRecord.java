package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.millrace.crypto.Ed25519;
import io.millrace.tlog.Hash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Layout of the record under which a log stores a batch, or a part of one.
 *
 * <pre>
 *  offset         length  field
 *       0              1  version, 1
 *       1              1  flags: 1 ends a batch, 2 signed, 8 each receipt signed at its place
 *       2              2  count of receipts, 0 to 256; 0 in a record that only signs
 *       4              4  zero
 *       8              8  index of the first receipt in the log
 *      16             32  root of the log after this record, if it ends a batch; else zero
 *      48             64  signature of the checkpoint of that size and root, if signed; else zero
 *     112    count * 116  receipts: length (1), encoding, zeros
 *      ..     count * 64  signatures, if each receipt is signed
 * </pre>
 *
 * <p>Numbers are big endian. Receipts of a batch that never ended are not in the log.
 */
public final class BatchRecord {
    /** Most receipts of one record. */
    public static final int MAX_RECEIPTS = 256;

    /** Length in bytes of one receipt with its length and padding. */
    static final int SLOT_LENGTH = 116;

    /** Offset of the first receipt. */
    static final int HEADER_LENGTH = 112;

    /** Offset of a receipt's encoding in its slot. */
    static final int ENCODING_OFFSET = 1;

    /** Longest record in bytes. */
    public static final int MAX_LENGTH = HEADER_LENGTH + MAX_RECEIPTS * (SLOT_LENGTH + Ed25519.SIGNATURE_LENGTH);

    /** Flag: the batch ends with this record. */
    static final int ENDS_BATCH = 1;

    /** Flag: the checkpoint after this record is signed. */
    static final int SIGNED = 2;

    /** Flag: a signature of each receipt follows. */
    static final int EACH_SIGNED = 8;

    private static final byte VERSION = 1;
    private static final int FLAGS_OFFSET = 1;
    private static final int COUNT_OFFSET = 2;
    private static final int ZERO_OFFSET = 4;
    private static final int INDEX_OFFSET = 8;
    private static final int ROOT_OFFSET = 16;
    private static final int SIGNATURE_OFFSET = 48;
    private static final ValueLayout.OfShort BE_SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private BatchRecord() {}

    /** Length in bytes of a record. */
    static int length(int count, int flags) {
        return HEADER_LENGTH + count * (SLOT_LENGTH + ((flags & EACH_SIGNED) != 0 ? Ed25519.SIGNATURE_LENGTH : 0));
    }

    /** Writes the header; root and signature are zero. */
    static void header(MemorySegment record, int flags, int count, long firstIndex) {
        for (int at = 0; at < HEADER_LENGTH; at += Long.BYTES) {
            record.set(JAVA_LONG_UNALIGNED, at, 0);
        }
        record.set(JAVA_BYTE, 0, VERSION);
        record.set(JAVA_BYTE, FLAGS_OFFSET, (byte) flags);
        record.set(BE_SHORT, COUNT_OFFSET, (short) count);
        record.set(BE_LONG, INDEX_OFFSET, firstIndex);
    }

    /** Sets the root after the record. */
    static void root(MemorySegment record, MemorySegment root) {
        MemorySegment.copy(root, 0, record, ROOT_OFFSET, Hash.LENGTH);
    }

    /** Sets the signature of the checkpoint. */
    static void signature(MemorySegment record, MemorySegment signature) {
        MemorySegment.copy(signature, 0, record, SIGNATURE_OFFSET, Ed25519.SIGNATURE_LENGTH);
    }

    /** Position of receipt {@code i}. */
    static long slot(int i) {
        return HEADER_LENGTH + (long) i * SLOT_LENGTH;
    }

    /** Position of the signature of receipt {@code i} of {@code count}. */
    static long eachSignature(int i, int count) {
        return slot(count) + (long) i * Ed25519.SIGNATURE_LENGTH;
    }

    /** The fault in a record's form (version, length, reserved bytes); null without one. */
    static String fault(MemorySegment record) {
        if (record.byteSize() < HEADER_LENGTH) {
            return "the record is too short";
        }
        if (record.get(JAVA_BYTE, 0) != VERSION) {
            return "the record is of another version: version=" + record.get(JAVA_BYTE, 0);
        }
        final int count = count(record);
        if (count > MAX_RECEIPTS
                || record.get(JAVA_INT_UNALIGNED, ZERO_OFFSET) != 0
                || (flags(record) & ~(ENDS_BATCH | SIGNED | EACH_SIGNED)) != 0
                || record.byteSize() != length(count, flags(record))) {
            return "the record is malformed: count=" + count + ", length=" + record.byteSize();
        }
        for (int i = 0; i < count; i++) {
            final int length = encodingLength(record, slot(i));
            if (length < ReceiptEncoding.MIN_LENGTH || length > ReceiptEncoding.MAX_LENGTH) {
                return "the length of a receipt is wrong: length=" + length;
            }
            if (!isZero(record, slot(i) + ENCODING_OFFSET + length, slot(i + 1))) {
                return "there are bytes after a receipt that are no part of it";
            }
        }
        final boolean ends = has(record, ENDS_BATCH);
        final boolean signed = has(record, SIGNED);
        if ((!ends && (signed || !isZero(record, ROOT_OFFSET, SIGNATURE_OFFSET)))
                || (!signed && !isZero(record, SIGNATURE_OFFSET, HEADER_LENGTH))) {
            return "there is a root or signature where none belongs";
        }
        return null;
    }

    private static boolean isZero(MemorySegment record, long from, long to) {
        for (long at = from; at < to; at++) {
            if (record.get(JAVA_BYTE, at) != 0) {
                return false;
            }
        }
        return true;
    }

    static int flags(MemorySegment record) {
        return Byte.toUnsignedInt(record.get(JAVA_BYTE, FLAGS_OFFSET));
    }

    static boolean has(MemorySegment record, int flag) {
        return (flags(record) & flag) != 0;
    }

    static int count(MemorySegment record) {
        return Short.toUnsignedInt(record.get(BE_SHORT, COUNT_OFFSET));
    }

    static long firstIndex(MemorySegment record) {
        return record.get(BE_LONG, INDEX_OFFSET);
    }

    static Hash root(MemorySegment record) {
        return Hash.of(record, ROOT_OFFSET);
    }

    static byte[] signature(MemorySegment record) {
        return record.asSlice(SIGNATURE_OFFSET, Ed25519.SIGNATURE_LENGTH).toArray(JAVA_BYTE);
    }

    static byte[] eachSignature(MemorySegment record, int i) {
        return record.asSlice(eachSignature(i, count(record)), Ed25519.SIGNATURE_LENGTH)
                .toArray(JAVA_BYTE);
    }

    /** Length in bytes of the encoding in the slot at {@code position}. */
    static int encodingLength(MemorySegment memory, long position) {
        return Byte.toUnsignedInt(memory.get(JAVA_BYTE, position));
    }

    /** Upper half of the operation id of receipt {@code i}. */
    static long operationHigh(MemorySegment record, int i) {
        return operationHigh(record, slot(i));
    }

    /** Lower half of the operation id of receipt {@code i}. */
    static long operationLow(MemorySegment record, int i) {
        return operationLow(record, slot(i));
    }

    /** Upper half of the operation id of the receipt in the slot at {@code position}. */
    static long operationHigh(MemorySegment memory, long position) {
        return memory.get(BE_LONG, position + ENCODING_OFFSET + ReceiptEncoding.OPERATION_ID_OFFSET);
    }

    /** Lower half of the operation id of the receipt in the slot at {@code position}. */
    static long operationLow(MemorySegment memory, long position) {
        return memory.get(BE_LONG, position + ENCODING_OFFSET + ReceiptEncoding.OPERATION_ID_OFFSET + Long.BYTES);
    }

    /**
     * The receipt with an index, if this record has it. The batch of the record may have been abandoned.
     *
     * @param record of a log, whole.
     * @param index in the log.
     * @return encoding of the receipt; empty if the record begins a segment, is malformed or has other receipts.
     */
    public static Optional<byte[]> find(MemorySegment record, long index) {
        if (SegmentRecord.isOne(record) || fault(record) != null) {
            return Optional.empty();
        }
        final long i = index - firstIndex(record);
        return i < 0 || i >= count(record) ? Optional.empty() : Optional.of(encoding(record, (int) i));
    }

    /** The encoding of receipt {@code i}. */
    static byte[] encoding(MemorySegment record, int i) {
        final long at = slot(i);
        return record.asSlice(at + ENCODING_OFFSET, encodingLength(record, at)).toArray(JAVA_BYTE);
    }
}
