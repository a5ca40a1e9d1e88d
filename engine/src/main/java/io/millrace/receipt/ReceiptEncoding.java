package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

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
    /** Shortest encoding in bytes. */
    public static final int MIN_LENGTH = 102;

    /** Longest encoding in bytes. */
    public static final int MAX_LENGTH = 114;

    private static final ValueLayout.OfLong BE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort BE_SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final byte MAP_OF_EIGHT = (byte) 0xa8;
    private static final byte STRING_OF_16 = 0x50;
    private static final byte STRING_OF_4 = 0x44;
    private static final short LONG_STRING_OF_32 = 0x5820;

    private ReceiptEncoding() {}

    /** Encodes {@code receipt} into an array of its own. */
    public static byte[] encode(Receipt receipt) {
        final MemorySegment target = MemorySegment.ofArray(new byte[MAX_LENGTH]);
        final int length = write(
                target,
                0,
                receipt.operationId().high(),
                receipt.operationId().low(),
                receipt.twinId().high(),
                receipt.twinId().low(),
                receipt.operation(),
                receipt.actorId().high(),
                receipt.actorId().low(),
                receipt.timestampNs(),
                MemorySegment.ofArray(receipt.requestDigest().bytes()),
                0,
                receipt.result(),
                receipt.keyId());
        return target.asSlice(0, length).toArray(JAVA_BYTE);
    }

    /**
     * Writes a receipt to {@code position} in {@code target}, which has room for {@link #MAX_LENGTH} bytes there.
     *
     * @param digest holds the request digest at {@code digestPosition}.
     * @return the length in bytes.
     */
    static int write(
            MemorySegment target,
            long position,
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
        long at = position;
        target.set(JAVA_BYTE, at++, MAP_OF_EIGHT);
        at = putId(target, at, 1, operationHigh, operationLow);
        at = putId(target, at, 2, twinHigh, twinLow);
        target.set(JAVA_BYTE, at++, (byte) 3);
        at = putUnsigned(target, at, operation);
        at = putId(target, at, 4, actorHigh, actorLow);
        target.set(JAVA_BYTE, at++, (byte) 5);
        at = putUnsigned(target, at, timestampNs);
        target.set(JAVA_BYTE, at++, (byte) 6);
        target.set(BE_SHORT, at, LONG_STRING_OF_32);
        MemorySegment.copy(digest, digestPosition, target, at + 2, Hash.LENGTH);
        at += 2 + Hash.LENGTH;
        target.set(JAVA_BYTE, at++, (byte) 7);
        at = putUnsigned(target, at, result);
        target.set(JAVA_BYTE, at++, (byte) 8);
        target.set(JAVA_BYTE, at++, STRING_OF_4);
        target.set(BE_INT, at, keyId);
        return (int) (at + 4 - position);
    }

    /**
     * Reads a receipt.
     *
     * @throws MalformedException if {@code bytes} is anything but the one encoding of a receipt: another order, another
     *     length of a number, a missing or an additional key, or a byte too many.
     */
    public static Receipt decode(byte[] bytes) throws MalformedException {
        final Cursor cursor = new Cursor(bytes);
        cursor.expect(MAP_OF_EIGHT);
        final ReceiptId operationId = cursor.id(1);
        final ReceiptId twinId = cursor.id(2);
        final int operation = cursor.code(3);
        final ReceiptId actorId = cursor.id(4);
        cursor.expect((byte) 5);
        final long timestampNs = cursor.unsigned();
        cursor.expect((byte) 6);
        cursor.expect((byte) 0x58);
        cursor.expect((byte) 0x20);
        final Hash digest = Hash.of(cursor.take(Hash.LENGTH));
        final int result = cursor.code(7);
        cursor.expect((byte) 8);
        cursor.expect(STRING_OF_4);
        final int keyId = MemorySegment.ofArray(cursor.take(4)).get(BE_INT, 0);
        cursor.end();
        return new Receipt(operationId, twinId, operation, actorId, timestampNs, digest, result, keyId);
    }

    private static long putId(MemorySegment target, long at, int key, long high, long low) {
        target.set(JAVA_BYTE, at, (byte) key);
        target.set(JAVA_BYTE, at + 1, STRING_OF_16);
        target.set(BE_LONG, at + 2, high);
        target.set(BE_LONG, at + 10, low);
        return at + 18;
    }

    private static long putUnsigned(MemorySegment target, long at, long value) {
        if (value < 24) {
            target.set(JAVA_BYTE, at, (byte) value);
            return at + 1;
        }
        if (value <= 0xff) {
            target.set(JAVA_BYTE, at, (byte) 0x18);
            target.set(JAVA_BYTE, at + 1, (byte) value);
            return at + 2;
        }
        if (value <= 0xffff) {
            target.set(JAVA_BYTE, at, (byte) 0x19);
            target.set(BE_SHORT, at + 1, (short) value);
            return at + 3;
        }
        if (value <= 0xffff_ffffL) {
            target.set(JAVA_BYTE, at, (byte) 0x1a);
            target.set(BE_INT, at + 1, (int) value);
            return at + 5;
        }
        target.set(JAVA_BYTE, at, (byte) 0x1b);
        target.set(BE_LONG, at + 1, value);
        return at + 9;
    }

    /** Walks over an encoding and refuses whatever the writer above would not write. */
    private static final class Cursor {
        private final byte[] bytes;
        private int at;

        Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        void expect(byte value) throws MalformedException {
            if (at >= bytes.length || bytes[at] != value) {
                throw new MalformedException("not a receipt: byte " + at + " must be "
                        + Integer.toHexString(Byte.toUnsignedInt(value)) + (at >= bytes.length ? ", is missing" : ""));
            }
            at++;
        }

        byte[] take(int length) throws MalformedException {
            if (bytes.length - at < length) {
                throw new MalformedException("not a receipt: it ends within a field: length=" + bytes.length);
            }
            final byte[] taken = new byte[length];
            System.arraycopy(bytes, at, taken, 0, length);
            at += length;
            return taken;
        }

        ReceiptId id(int key) throws MalformedException {
            expect((byte) key);
            expect(STRING_OF_16);
            return ReceiptId.read(take(ReceiptId.LENGTH), 0);
        }

        int code(int key) throws MalformedException {
            expect((byte) key);
            final long value = unsigned();
            if (value > Receipt.MAX_CODE) {
                throw new MalformedException("not a receipt: the value of key " + key + " is too large: " + value);
            }
            return (int) value;
        }

        /** An unsigned number below 2^63 in its shortest form. */
        long unsigned() throws MalformedException {
            final int start = at;
            final int head = Byte.toUnsignedInt(take(1)[0]);
            if (head < 24) {
                return head;
            }
            if (head > 0x1b) {
                throw new MalformedException("not a receipt: no unsigned number at byte " + start);
            }
            final int width = 1 << (head - 0x18);
            long value = 0;
            for (byte digit : take(width)) {
                value = value << 8 | Byte.toUnsignedLong(digit);
            }
            final boolean shortest = width == 1 ? value >= 24 : value >>> (4 * width) != 0;
            if (value < 0 || !shortest) {
                throw new MalformedException(
                        "not a receipt: the number at byte " + start + " is not in its shortest form or too large");
            }
            return value;
        }

        void end() throws MalformedException {
            if (at != bytes.length) {
                throw new MalformedException("not a receipt: " + (bytes.length - at) + " bytes after its end");
            }
        }
    }
}
