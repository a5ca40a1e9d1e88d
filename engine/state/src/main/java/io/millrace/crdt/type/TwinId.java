package io.millrace.crdt.type;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Name of a document, 16 bytes, drawn at random by its first author. Every operation carries it under its signature, so
 * that none can be moved to another document.
 *
 * @param high the first 8 bytes, as a big-endian number.
 * @param low the last 8 bytes, as a big-endian number.
 */
public record TwinId(long high, long low) {
    /** Length in bytes. */
    public static final int LENGTH = 16;

    private static final ValueLayout.OfLong BE_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /**
     * Reads 16 bytes at {@code offset}.
     *
     * @param source read from, on the heap or not.
     * @param offset of the id in bytes.
     */
    public static TwinId read(MemorySegment source, long offset) {
        return new TwinId(source.get(BE_LONG, offset), source.get(BE_LONG, offset + Long.BYTES));
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param hex 32 hexadecimal digits.
     */
    public static TwinId ofHex(String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a twin id is 32 hexadecimal digits: " + hex);
        }
        return read(MemorySegment.ofArray(bytes), 0);
    }

    /** The 16 bytes, in an array of the caller's. */
    public byte[] toBytes() {
        final byte[] bytes = new byte[LENGTH];
        final MemorySegment segment = MemorySegment.ofArray(bytes);
        segment.set(BE_LONG, 0, high);
        segment.set(BE_LONG, Long.BYTES, low);
        return bytes;
    }

    /** The 16 bytes in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
