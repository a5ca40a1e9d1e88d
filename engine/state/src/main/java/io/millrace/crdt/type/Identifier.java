package io.millrace.crdt.type;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** A name of 32 bytes, ordered as its bytes are. Immutable. */
public abstract sealed class Identifier permits ActorId, CoverageHash, OperationId, PayloadHash {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private static final ValueLayout.OfLong BE_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    final long word0;
    final long word1;
    final long word2;
    final long word3;

    Identifier(long word0, long word1, long word2, long word3) {
        this.word0 = word0;
        this.word1 = word1;
        this.word2 = word2;
        this.word3 = word3;
    }

    Identifier(MemorySegment source, long offset) {
        this(word(source, offset), word(source, offset + 8), word(source, offset + 16), word(source, offset + 24));
    }

    private static long word(MemorySegment source, long offset) {
        return source.get(BE_LONG, offset);
    }

    static MemorySegment parse(String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("must be 64 hexadecimal digits: " + hex);
        }
        return MemorySegment.ofArray(bytes);
    }

    /**
     * Writes the 32 bytes at {@code offset}.
     *
     * @param target written to, on the heap or not.
     * @param offset of the first byte.
     */
    public final void writeTo(MemorySegment target, long offset) {
        target.set(BE_LONG, offset, word0);
        target.set(BE_LONG, offset + 8, word1);
        target.set(BE_LONG, offset + 16, word2);
        target.set(BE_LONG, offset + 24, word3);
    }

    /** The 32 bytes, in an array of the caller's. */
    public final byte[] toBytes() {
        final byte[] bytes = new byte[LENGTH];
        writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    /**
     * Eight of the bytes as a big-endian number.
     *
     * @param index 0 to 3: which eight.
     */
    public final long word(int index) {
        return switch (index) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            case 3 -> word3;
            default -> throw new IndexOutOfBoundsException("a name has 4 words: index=" + index);
        };
    }

    final int compareBytes(Identifier other) {
        int order = Long.compareUnsigned(word0, other.word0);
        if (order == 0) {
            order = Long.compareUnsigned(word1, other.word1);
        }
        if (order == 0) {
            order = Long.compareUnsigned(word2, other.word2);
        }
        return order != 0 ? order : Long.compareUnsigned(word3, other.word3);
    }

    final boolean sameBytes(Identifier other) {
        return word0 == other.word0 && word1 == other.word1 && word2 == other.word2 && word3 == other.word3;
    }

    final int hashBytes() {
        return Long.hashCode(
                word0 ^ Long.rotateLeft(word1, 17) ^ Long.rotateLeft(word2, 31) ^ Long.rotateLeft(word3, 47));
    }

    /** The 32 bytes in hexadecimal. */
    @Override
    public final String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
