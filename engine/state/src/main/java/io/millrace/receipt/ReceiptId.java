package io.millrace.receipt;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * An identifier of 16 bytes: of an operation, a twin or an actor.
 *
 * @param high its first eight bytes, big endian.
 * @param low its last eight bytes, big endian.
 */
public record ReceiptId(long high, long low) {
    /** Length in bytes. */
    public static final int LENGTH = 16;

    /**
     * Reads 32 hexadecimal digits.
     *
     * @param hex 32 hexadecimal digits.
     * @throws IllegalArgumentException if {@code hex} is anything else.
     */
    public static ReceiptId ofHex(String hex) {
        if (hex.length() != 2 * LENGTH) {
            throw new IllegalArgumentException("an id has " + 2 * LENGTH + " hexadecimal digits: id=" + hex);
        }
        return new ReceiptId(
                HexFormat.fromHexDigitsToLong(hex, 0, LENGTH), HexFormat.fromHexDigitsToLong(hex, LENGTH, 2 * LENGTH));
    }

    /** Reads 16 bytes at {@code offset}. */
    static ReceiptId read(byte[] bytes, int offset) {
        final ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, LENGTH);
        return new ReceiptId(buffer.getLong(), buffer.getLong());
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
