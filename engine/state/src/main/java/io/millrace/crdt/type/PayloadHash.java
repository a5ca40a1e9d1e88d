package io.millrace.crdt.type;

import java.lang.foreign.MemorySegment;

/** BLAKE2b-256 of an operation's payload: kept by the signed header when the payload is compacted away. */
public final class PayloadHash extends Identifier {
    private PayloadHash(MemorySegment source, long offset) {
        super(source, offset);
    }

    /**
     * Reads 32 bytes at {@code offset}.
     *
     * @param source read from, on the heap or not.
     * @param offset of the hash in bytes.
     */
    public static PayloadHash read(MemorySegment source, long offset) {
        return new PayloadHash(source, offset);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PayloadHash that && sameBytes(that);
    }

    @Override
    public int hashCode() {
        return hashBytes();
    }
}
