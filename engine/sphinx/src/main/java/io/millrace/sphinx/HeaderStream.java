package io.millrace.sphinx;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The header stream Z of a hop, over beta and one block behind it, in batches: ChaCha20 in one pass, and in profile mr2
 * 32 bytes of the key derivation at the end.
 *
 * <p>Keeps no secret. Not thread safe: belongs to one peeler or wrapper.
 */
final class HeaderStream {
    private final BatchCrypto crypto;
    private final int cipherLength;
    private final boolean hasTail;
    private final AddressArray texts;
    private final AddressArray streamKeys;

    HeaderStream(Arena arena, BatchCrypto crypto, SphinxGeometry geometry, int limit) {
        this.crypto = crypto;
        this.cipherLength = geometry.cipherStreamLength();
        this.hasTail = geometry.profile().streamTailLength() != 0;
        this.texts = new AddressArray(arena, limit);
        this.streamKeys = new AddressArray(arena, limit);
    }

    /**
     * Exclusive-ors {@link SphinxGeometry#headerStreamLength} bytes of each text with its stream.
     *
     * @param textPositions where the texts begin in {@code segment}.
     * @param keyPositions where the {@link HopKeys} of their hops begin in {@code keys}.
     */
    void xor(int count, MemorySegment segment, long[] textPositions, MemorySegment keys, long[] keyPositions) {
        for (int i = 0; i < count; i++) {
            texts.set(i, segment, textPositions[i]);
            streamKeys.set(i, keys, keyPositions[i] + HopKeys.HEADER_KEY_OFFSET);
        }
        crypto.chacha20Xor(count, texts, cipherLength, streamKeys);
        if (hasTail) {
            for (int i = 0; i < count; i++) {
                final long tail = textPositions[i] + cipherLength;
                ByteBlocks.xor32(segment, tail, keys, keyPositions[i] + HopKeys.STREAM_TAIL_OFFSET, segment, tail);
            }
        }
    }
}
