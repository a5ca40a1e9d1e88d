package io.millrace.crdt.type;

import java.lang.foreign.MemorySegment;

/** Hash of the beginning of a log and of the revocations, to which a stored state belongs. */
public final class CoverageHash extends Identifier {
    private CoverageHash(MemorySegment source, long offset) {
        super(source, offset);
    }

    /**
     * Reads 32 bytes at {@code offset}.
     *
     * @param source read from, on the heap or not.
     * @param offset of the hash in bytes.
     */
    public static CoverageHash read(MemorySegment source, long offset) {
        return new CoverageHash(source, offset);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CoverageHash that && sameBytes(that);
    }

    @Override
    public int hashCode() {
        return hashBytes();
    }
}
