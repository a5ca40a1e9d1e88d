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
    private final long base;
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
        base = memory.address();
        text = new AddressArray(arena, limit);
        tag = new AddressArray(arena, limit);
        ad = new AddressArray(arena, limit);
        key = new AddressArray(arena, limit);
        nonces = arena.allocate((long) limit * NONCE_STRIDE, NONCE_STRIDE);
        nonce = new AddressArray(arena, limit).fill(limit, nonces.address(), NONCE_STRIDE);
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

    /** A frame of a datagram, whose parts have fixed places. */
    void set(int index, long position, long counter, long keyAddress) {
        final long frame = base + position;
        places(index, frame, frame + LinkFrame.TYPE_OFFSET, frame + LinkFrame.TAG_OFFSET);
        nonceAndKey(index, counter, keyAddress);
    }

    /** A frame of an ordered carrier with {@code textLength} bytes of plaintext. */
    void set(int index, long position, int textLength, long counter, long keyAddress) {
        final long frame = base + position;
        final long at = frame + Frame.LENGTH_FIELD;
        places(index, frame, at, at + textLength);
        nonceAndKey(index, counter, keyAddress);
    }

    private void places(int index, long adAddress, long textAddress, long tagAddress) {
        ad.set(index, adAddress);
        text.set(index, textAddress);
        tag.set(index, tagAddress);
    }

    private void nonceAndKey(int index, long counter, long keyAddress) {
        key.set(index, keyAddress);
        nonces.set(LinkFrame.LE_LONG, (long) index * NONCE_STRIDE + NONCE_COUNTER_OFFSET, counter);
    }
}
