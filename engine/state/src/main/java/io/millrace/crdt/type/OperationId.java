package io.millrace.crdt.type;

import java.lang.foreign.MemorySegment;

/** Name of a signed operation: the BLAKE2b-256 of its header, which in turn names all that came before it. */
public final class OperationId extends Identifier implements Comparable<OperationId> {
    /**
     * A name from its words.
     *
     * @param word0 first eight bytes, big endian.
     * @param word1 next eight bytes.
     * @param word2 next eight bytes.
     * @param word3 last eight bytes.
     */
    public OperationId(long word0, long word1, long word2, long word3) {
        super(word0, word1, word2, word3);
    }

    private OperationId(MemorySegment source, long offset) {
        super(source, offset);
    }

    /**
     * Reads 32 bytes at {@code offset}.
     *
     * @param source read from, on the heap or not.
     * @param offset of the id in bytes.
     */
    public static OperationId read(MemorySegment source, long offset) {
        return new OperationId(source, offset);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param hex 64 hexadecimal digits.
     */
    public static OperationId ofHex(String hex) {
        return new OperationId(parse(hex), 0);
    }

    @Override
    public int compareTo(OperationId other) {
        return compareBytes(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OperationId that && sameBytes(that);
    }

    @Override
    public int hashCode() {
        return hashBytes();
    }
}
