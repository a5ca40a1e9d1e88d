package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.millrace.cbor.CborReader;
import io.millrace.cbor.CborWriter;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MalformedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The one encoding of a receipt: a CBOR map of the keys 1 to 8 in this order, by the rules of deterministic CBOR.
 *
 * <pre>
 *  bytes             field
 *  a8                map of eight
 *  01 50 (16)        operation id       byte string
 *  02 50 (16)        twin id            byte string
 *  03 (1, 2 or 3)    operation          unsigned, shortest form
 *  04 50 (16)        actor id           byte string
 *  05 (1 to 9)       timestamp          unsigned, nanoseconds since 1970, shortest form
 *  06 58 20 (32)     request digest     byte string
 *  07 (1, 2 or 3)    result             unsigned, shortest form
 *  08 44 (4)         key id             byte string
 * </pre>
 *
 * <p>{@link #MIN_LENGTH} to {@link #MAX_LENGTH} bytes; 110 for codes below 24 and a time after 1970's first seconds.
 *
 * <p>Writing allocates nothing. Any thread. Source: RFC 8949 section 4.2.1.
 */
public final class ReceiptEncoding {
    /** Offset in bytes of the operation id in an encoding. */
    static final int OPERATION_ID_OFFSET = 3;

    /** Shortest encoding in bytes. */
    public static final int MIN_LENGTH = 102;

    /** Longest encoding in bytes. */
    public static final int MAX_LENGTH = 114;

    private static final int FIELDS = 8;
    private static final ValueLayout.OfInt BE_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private ReceiptEncoding() {}

    /**
     * Encodes {@code receipt} into a new array.
     *
     * @param receipt any.
     */
    public static byte[] encode(Receipt receipt) {
        final MemorySegment target = MemorySegment.ofArray(new byte[MAX_LENGTH]);
        final int length = write(
                new CborWriter().wrap(target, 0),
                receipt.operationId().high(),
                receipt.operationId().low(),
                receipt.twinId().high(),
                receipt.twinId().low(),
                receipt.operation(),
                receipt.actorId().high(),
                receipt.actorId().low(),
                receipt.timestampNs(),
                MemorySegment.ofArray(receipt.requestDigest().toBytes()),
                0,
                receipt.result(),
                receipt.keyId());
        return target.asSlice(0, length).toArray(JAVA_BYTE);
    }

    /**
     * Writes a receipt where {@code writer} was wrapped, which has room for {@link #MAX_LENGTH} bytes there.
     *
     * @param digest holds the request digest at {@code digestPosition}.
     * @return the length in bytes.
     */
    static int write(
            CborWriter writer,
            long operationHigh,
            long operationLow,
            long twinHigh,
            long twinLow,
            int operation,
            long actorHigh,
            long actorLow,
            long timestampNs,
            MemorySegment digest,
            long digestPosition,
            int result,
            int keyId) {
        assert operation >= 0 && operation <= Receipt.MAX_CODE && result >= 0 && result <= Receipt.MAX_CODE;
        assert timestampNs >= 0;
        writer.map(FIELDS);
        id(writer, 1, operationHigh, operationLow);
        id(writer, 2, twinHigh, twinLow);
        writer.unsigned(3).unsigned(operation);
        id(writer, 4, actorHigh, actorLow);
        writer.unsigned(5).unsigned(timestampNs);
        writer.unsigned(6).bytesHead(Hash.LENGTH).raw(digest, digestPosition, Hash.LENGTH);
        writer.unsigned(7).unsigned(result);
        writer.unsigned(8).bytesHead(Integer.BYTES).rawInt(keyId);
        return (int) writer.length();
    }

    private static void id(CborWriter writer, int key, long high, long low) {
        writer.unsigned(key).bytesHead(ReceiptId.LENGTH).rawLong(high).rawLong(low);
    }

    /**
     * Reads a receipt.
     *
     * @param bytes one receipt.
     * @throws MalformedException if {@code bytes} is anything but the one encoding of a receipt: another order, another
     *     length of a number, a missing or an additional key, or a byte too many.
     */
    public static Receipt decode(byte[] bytes) throws MalformedException {
        final CborReader reader = new CborReader().wrap(MemorySegment.ofArray(bytes));
        if (reader.map(FIELDS) != FIELDS) {
            reader.fail();
        }
        final byte[] operationId = field(reader, 1).exactly(ReceiptId.LENGTH);
        final byte[] twinId = field(reader, 2).exactly(ReceiptId.LENGTH);
        final int operation = (int) field(reader, 3).unsigned(Receipt.MAX_CODE);
        final byte[] actorId = field(reader, 4).exactly(ReceiptId.LENGTH);
        final long timestampNs = field(reader, 5).unsigned(Long.MAX_VALUE);
        final byte[] digest = field(reader, 6).exactly(Hash.LENGTH);
        final int result = (int) field(reader, 7).unsigned(Receipt.MAX_CODE);
        final byte[] keyId = field(reader, 8).exactly(Integer.BYTES);
        if (!reader.finish()) {
            throw new MalformedException("not a receipt, or not its one encoding: length=" + bytes.length);
        }
        return new Receipt(
                ReceiptId.read(operationId, 0),
                ReceiptId.read(twinId, 0),
                operation,
                ReceiptId.read(actorId, 0),
                timestampNs,
                Hash.of(digest),
                result,
                MemorySegment.ofArray(keyId).get(BE_INT, 0));
    }

    private static CborReader field(CborReader reader, int key) {
        if (reader.unsigned(FIELDS) != key) {
            reader.fail();
        }
        return reader;
    }
}
