package io.millrace.crdt.type;

import io.millrace.crdt.op.ActorRegistry;
import java.lang.foreign.MemorySegment;

/**
 * Who signs operations: an Ed25519 public key. A name that is the key cannot be bound to another one; whom it belongs to is
 * the {@link ActorRegistry}'s to say.
 */
public final class ActorId extends Identifier implements Comparable<ActorId> {
    ActorId(long word0, long word1, long word2, long word3) {
        super(word0, word1, word2, word3);
    }

    private ActorId(MemorySegment source, long offset) {
        super(source, offset);
    }

    /**
     * Reads 32 bytes at {@code offset}.
     *
     * @param source read from, on the heap or not.
     * @param offset of the id in bytes.
     */
    public static ActorId read(MemorySegment source, long offset) {
        return new ActorId(source, offset);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param hex 64 hexadecimal digits.
     */
    public static ActorId ofHex(String hex) {
        return new ActorId(parse(hex), 0);
    }

    @Override
    public int compareTo(ActorId other) {
        return compareBytes(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ActorId that && sameBytes(that);
    }

    @Override
    public int hashCode() {
        return hashBytes();
    }
}
