package io.millrace.frame;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Operand arrays of a batch of frames: where the text, tag, associated data, nonce and key of each frame are.
 *
 * <p>Belongs to one thread. The positions that are set are not checked: {@link #requireFrame} checks a frame, {@link
 * #requireOpen} the memory.
 */
public final class FrameOperands {
    /** Room of one nonce: 4 zero bytes, 8 of the counter, 4 unused. */
    private static final int NONCE_STRIDE = 16;

    private static final int NONCE_COUNTER_OFFSET = 4;

    /** Where the text of each frame begins. */
    public final AddressArray text;

    /** Where the tag of each frame begins, 16 bytes. */
    public final AddressArray tag;

    /** Where the associated data of each frame begin. */
    public final AddressArray ad;

    /** Where the nonce of each frame begins, 12 bytes. */
    public final AddressArray nonce;

    /** Where the key of each frame begins, 32 bytes. */
    public final AddressArray key;

    private final MemorySegment memory;
    private final MemorySegment nonces;

    /**
     * Allocates the arrays.
     *
     * @param arena where the arrays live; the caller closes it.
     * @param memory native and writable; holds the frames of all batches.
     * @param limit most frames in a batch, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public FrameOperands(Arena arena, MemorySegment memory, int limit) {
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

    /**
     * Checks that a whole frame lies in the memory.
     *
     * @param position of the frame, in bytes.
     * @param length of the frame, in bytes.
     * @throws IndexOutOfBoundsException if it does not.
     */
    public void requireFrame(long position, long length) {
        if (position < 0 || length < 0 || position > memory.byteSize() - length) {
            throw new IndexOutOfBoundsException("the frame lies outside of its memory: position=" + position
                    + ", length=" + length + ", memoryLength=" + memory.byteSize());
        }
    }

    /** Checks that the memory is still open to this thread: C gets its address and would not notice. */
    public void requireOpen() {
        memory.get(JAVA_BYTE, 0);
    }

    /** A frame of an ordered carrier with {@code textLength} bytes of plaintext. */
    void set(int index, long position, int textLength, long counter, MemorySegment key) {
        final long at = position + Frame.LENGTH_FIELD;
        places(index, position, at, at + textLength);
        nonceAndKey(index, counter, key, 0);
    }

    /**
     * Says where the parts of a frame are.
     *
     * @param index of the frame in the batch.
     * @param adPosition of its associated data in the memory, in bytes.
     * @param textPosition of its text.
     * @param tagPosition of its tag.
     */
    public void places(int index, long adPosition, long textPosition, long tagPosition) {
        ad.set(index, memory, adPosition);
        text.set(index, memory, textPosition);
        tag.set(index, memory, tagPosition);
    }

    /**
     * Says under which nonce and key a frame is.
     *
     * @param index of the frame in the batch.
     * @param counter the nonce, written in little endian after 4 zero bytes.
     * @param keys holds the key; it must outlive the batch.
     * @param keyOffset of the key in {@code keys}, in bytes.
     */
    public void nonceAndKey(int index, long counter, MemorySegment keys, long keyOffset) {
        key.set(index, keys, keyOffset);
        nonces.set(LE_LONG, (long) index * NONCE_STRIDE + NONCE_COUNTER_OFFSET, counter);
    }
}
