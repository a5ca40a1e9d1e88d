package io.millrace.sphinx;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A wide-block cipher over delta, in batches: every bit of the output depends on every bit of the input.
 *
 * <p>A block is L (32 bytes) and R (the rest). Encryption, with S the ChaCha20 stream and H keyed BLAKE2b-256:
 *
 * <pre>
 *   R ^= S(L ^ stream key 1)
 *   L ^= H(hash key, domain 1, R)
 *   R ^= S(L ^ stream key 2)
 *   L ^= H(hash key, domain 2, R)
 * </pre>
 *
 * and decryption is the same backwards. Keys are 96 bytes: stream key 1, stream key 2, hash key; the domain keeps the two
 * hashes apart.
 *
 * <p>The stream runs over the length of R rounded up to whole ChaCha20 blocks, so {@link SphinxGeometry#SPILL_LENGTH}
 * bytes after a block are written to; they are zero afterwards.
 *
 * <p>Not thread safe: belongs to one peeler or wrapper.
 *
 * <p>Source: Anderson and Biham, "Two Practical and Provably Secure Block Ciphers: BEAR and LION", 1996, section 6.
 */
final class Lioness {
    static final int KEY_LENGTH = 96;

    private static final int LEFT_LENGTH = 32;
    private static final int STREAM_KEY_1_OFFSET = 0;
    private static final int STREAM_KEY_2_OFFSET = 32;
    private static final int HASH_KEY_OFFSET = 64;

    private final BatchCrypto crypto;
    private final Domains domains;
    private final int blockLength;
    private final int rightLength;
    private final int streamLength;
    private final MemorySegment scratch;
    private final AddressArray scratchAddresses;
    private final AddressArray right;
    private final AddressArray hashKeys;

    Lioness(Arena arena, BatchCrypto crypto, Domains domains, SphinxGeometry geometry, int limit) {
        this.crypto = crypto;
        this.domains = domains;
        this.blockLength = geometry.payloadLength();
        this.rightLength = blockLength - LEFT_LENGTH;
        this.streamLength = rightLength + SphinxGeometry.SPILL_LENGTH;
        this.scratch = arena.allocate((long) limit * LEFT_LENGTH, 64);
        this.scratchAddresses = new AddressArray(arena, limit).fill(limit, scratch, 0, LEFT_LENGTH);
        this.right = new AddressArray(arena, limit);
        this.hashKeys = new AddressArray(arena, limit);
    }

    /**
     * Decrypts {@code count} blocks in place.
     *
     * @param blockPositions where the blocks begin in {@code blocks}.
     * @param keyPositions where their keys begin in {@code keys}, {@link #KEY_LENGTH} bytes each.
     */
    void decrypt(int count, MemorySegment blocks, long[] blockPositions, MemorySegment keys, long[] keyPositions) {
        addresses(count, blocks, blockPositions, keys, keyPositions);
        hash(count, blocks, blockPositions, domains.lionessSecond);
        stream(count, blocks, blockPositions, keys, keyPositions, STREAM_KEY_2_OFFSET);
        hash(count, blocks, blockPositions, domains.lionessFirst);
        stream(count, blocks, blockPositions, keys, keyPositions, STREAM_KEY_1_OFFSET);
        wipe(count, blocks, blockPositions);
    }

    /** Encrypts {@code count} blocks in place; arguments as for {@link #decrypt}. */
    void encrypt(int count, MemorySegment blocks, long[] blockPositions, MemorySegment keys, long[] keyPositions) {
        addresses(count, blocks, blockPositions, keys, keyPositions);
        stream(count, blocks, blockPositions, keys, keyPositions, STREAM_KEY_1_OFFSET);
        hash(count, blocks, blockPositions, domains.lionessFirst);
        stream(count, blocks, blockPositions, keys, keyPositions, STREAM_KEY_2_OFFSET);
        hash(count, blocks, blockPositions, domains.lionessSecond);
        wipe(count, blocks, blockPositions);
    }

    /** Memory that is zero between two calls, for the test that it is. */
    MemorySegment scratch() {
        return scratch;
    }

    private void addresses(
            int count, MemorySegment blocks, long[] blockPositions, MemorySegment keys, long[] keyPositions) {
        for (int i = 0; i < count; i++) {
            assert blockPositions[i] + blockLength + SphinxGeometry.SPILL_LENGTH <= blocks.byteSize();
            right.set(i, blocks, blockPositions[i] + LEFT_LENGTH);
            hashKeys.set(i, keys, keyPositions[i] + HASH_KEY_OFFSET);
        }
    }

    private void hash(int count, MemorySegment blocks, long[] blockPositions, MemorySegment domain) {
        crypto.blake2b(
                count,
                scratchAddresses,
                LEFT_LENGTH,
                right,
                rightLength,
                hashKeys,
                BatchCrypto.KEY_LENGTH,
                domains.salt(0),
                domain);
        for (int i = 0; i < count; i++) {
            final long left = blockPositions[i];
            ByteBlocks.xor32(blocks, left, scratch, (long) i * LEFT_LENGTH, blocks, left);
        }
    }

    private void stream(
            int count,
            MemorySegment blocks,
            long[] blockPositions,
            MemorySegment keys,
            long[] keyPositions,
            int keyOffset) {
        for (int i = 0; i < count; i++) {
            ByteBlocks.xor32(
                    blocks, blockPositions[i], keys, keyPositions[i] + keyOffset, scratch, (long) i * LEFT_LENGTH);
        }
        crypto.chacha20Xor(count, right, streamLength, scratchAddresses);
    }

    private void wipe(int count, MemorySegment blocks, long[] blockPositions) {
        for (int i = 0; i < count; i++) {
            ByteBlocks.zero32(blocks, blockPositions[i] + blockLength); // SPILL_LENGTH
            ByteBlocks.zero32(scratch, (long) i * LEFT_LENGTH);
        }
    }
}
