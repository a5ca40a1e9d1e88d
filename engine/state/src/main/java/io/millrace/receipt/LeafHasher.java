package io.millrace.receipt;

import io.millrace.crypto.ShortSha256;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import java.lang.foreign.MemorySegment;

/** Hashes the receipts in slots to leaves; receipts of the same length that follow each other in one call. */
final class LeafHasher {
    private LeafHasher() {}

    /** Writes the leaf hashes of {@code count} slots at {@code position}, one after the other, to {@code out}. */
    static void hash(
            ShortSha256 sha256, MemorySegment slots, long position, int count, MemorySegment out, long outPosition) {
        int first = 0;
        while (first < count) {
            final long at = position + (long) first * BatchRecord.SLOT_LENGTH;
            final int length = BatchRecord.encodingLength(slots, at);
            int run = 1;
            while (first + run < count
                    && BatchRecord.encodingLength(slots, at + (long) run * BatchRecord.SLOT_LENGTH) == length) {
                run++;
            }
            sha256.hash(
                    run,
                    MerkleHash.LEAF_PREFIX,
                    out,
                    outPosition + (long) first * Hash.LENGTH,
                    slots,
                    at + BatchRecord.ENCODING_OFFSET,
                    BatchRecord.SLOT_LENGTH,
                    length);
            first += run;
        }
    }
}
