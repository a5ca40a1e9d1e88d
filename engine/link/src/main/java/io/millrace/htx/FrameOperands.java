package io.millrace.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.BatchCrypto;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The operand arrays of a batch of frames: where each one's text, tag, associated data, nonce and key are. */
final class FrameOperands {
    /** Room of one nonce: 4 zero bytes, 8 of the counter, 4 unused. */
    private static final int NONCE_STRIDE = 16;

    private static final int NONCE_COUNTER_OFFSET = 4;

    final AddressArray text;
    final AddressArray tag;
    final AddressArray ad;
    final AddressArray nonce;
    final AddressArray key;

    private final MemorySegment memory;
    private final MemorySegment nonces;

    FrameOperands(Arena arena, MemorySegment memory, int limit) {
        if (limit < 1 || limit > BatchCrypto.MAX_BATCH) {
            throw new IllegalArgumentException("limit must be 1 to " + BatchCrypto.MAX_BATCH + ": limit=" + limit);
        }
        if (!memory.isNative() || memory.isReadOnly()) {
            throw new IllegalArgumentException("frames must be in a native segment that may be written: native="
                    + memory.isNative() + ", readOnly=" + memory.isReadOnly());
        }
        this.memory = memory;
        requireOpen();
        text = new AddressArray(arena, limit);
        tag = new AddressArray(arena, limit);
        ad = new AddressArray(arena, limit);
        key = new AddressArray(arena, limit);
        nonces = arena.allocate((long) limit * NONCE_STRIDE, NONCE_STRIDE);
        nonce = new AddressArray(arena, limit).fill(limit, nonces, 0, NONCE_STRIDE);
    }

    /** Checks that a whole frame of {@code length} bytes lies in the memory, which this thread may use. */
    void requireFrame(long position, long length) {
        if (position < 0 || length < 0 || position > memory.byteSize() - length) {
            throw new IndexOutOfBoundsException("the frame lies outside of its memory: position=" + position
                    + ", length=" + length + ", memoryLength=" + memory.byteSize());
        }
    }

    /** Checks that the memory is still open to this thread: C gets its address and would not notice. */
    void requireOpen() {
        memory.get(JAVA_BYTE, 0);
    }

    /** A frame of a datagram, whose parts have fixed places, under the key at {@code keyOffset} of {@code keys}. */
    void set(int index, long position, long counter, MemorySegment keys, long keyOffset) {
        places(index, position, position + LinkFrame.TYPE_OFFSET, position + LinkFrame.TAG_OFFSET);
        nonceAndKey(index, counter, keys, keyOffset);
    }

    /** A frame of an ordered carrier with {@code textLength} bytes of plaintext. */
    void set(int index, long position, int textLength, long counter, MemorySegment key) {
        final long at = position + Frame.LENGTH_FIELD;
        places(index, position, at, at + textLength);
        nonceAndKey(index, counter, key, 0);
    }

    private void places(int index, long adPosition, long textPosition, long tagPosition) {
        ad.set(index, memory, adPosition);
        text.set(index, memory, textPosition);
        tag.set(index, memory, tagPosition);
    }

    private void nonceAndKey(int index, long counter, MemorySegment keys, long keyOffset) {
        key.set(index, keys, keyOffset);
        nonces.set(LinkFrame.LE_LONG, (long) index * NONCE_STRIDE + NONCE_COUNTER_OFFSET, counter);
    }
}
