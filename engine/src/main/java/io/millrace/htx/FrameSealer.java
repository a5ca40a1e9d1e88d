package io.millrace.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.BatchCrypto;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Seals frames of ordered carriers where they stand: in a slot, or in a stream buffer. The caller has put the payload
 * behind room for the header, and there is room for padding and tag behind it.
 *
 * <p>Not thread safe: one per thread. Allocates nothing after it is made.
 */
public final class FrameSealer {
    private final BatchCrypto crypto;
    private final MemorySegment memory;
    private final FrameOperands operands;

    /**
     * Makes a sealer.
     *
     * @param arena lives at least as long as the sealer is used.
     * @param memory native; the frames lie in it.
     */
    public FrameSealer(Arena arena, BatchCrypto crypto, MemorySegment memory) {
        this.crypto = crypto;
        this.memory = memory;
        this.operands = new FrameOperands(arena, memory, 1);
    }

    /**
     * Writes the header before and padding and tag behind the payload, and encrypts. The payload stands
     * {@link Frame#headerLength} bytes behind {@code position}.
     *
     * @param keys not {@linkplain KeySchedule#exhausted exhausted}; counts the frame, also one whose sealing throws.
     * @param position of the frame's first byte.
     * @param typeAndFlags of {@link FrameType}, without {@link FrameType#PADDED}.
     * @param payloadLength in bytes.
     * @param paddingLength in bytes, 0 for none.
     * @return length of the whole frame in bytes.
     */
    public int seal(
            KeySchedule keys, long position, int typeAndFlags, long streamId, int payloadLength, int paddingLength) {
        final int headerLength = Frame.headerLength(streamId);
        requireLengths(headerLength, payloadLength, paddingLength);
        final int textLength = headerLength - Frame.LENGTH_FIELD + payloadLength + paddingLength;
        final int length = textLength + Frame.TAG_LENGTH;
        operands.requireFrame(position, (long) Frame.LENGTH_FIELD + length);
        if (keys.exhausted()) {
            throw new IllegalStateException("the counters are used up: generation=" + keys.generation());
        }
        memory.set(LinkFrame.BE_SHORT, position, (short) length);
        final int padded = paddingLength > 0 ? FrameType.PADDED : 0;
        memory.set(JAVA_BYTE, position + Frame.LENGTH_FIELD, (byte) (typeAndFlags | padded));
        QuicVarint.write(memory, position + Frame.LENGTH_FIELD + 1, streamId);
        if (paddingLength > 0) {
            final long padding = position + headerLength + payloadLength;
            memory.set(JAVA_BYTE, padding, Frame.PADDING_MARK);
            zero(padding + 1, padding + paddingLength);
        }
        operands.set(0, position, textLength, keys.counter(), keys.keyAddress());
        keys.count(length); // first: a nonce is used once, even if sealing fails
        crypto.aeadSeal(
                1,
                operands.text,
                textLength,
                operands.tag,
                operands.ad,
                Frame.LENGTH_FIELD,
                operands.nonce,
                operands.key);
        return Frame.LENGTH_FIELD + length;
    }

    private static void requireLengths(int headerLength, int payloadLength, int paddingLength) {
        final int most = Frame.HARD_MAX_LENGTH - Frame.TAG_LENGTH - (headerLength - Frame.LENGTH_FIELD);
        if (payloadLength < 0 || paddingLength < 0 || payloadLength > most - paddingLength) {
            throw new IllegalArgumentException("payload and padding must be 0 to " + most
                    + " bytes together: payloadLength=" + payloadLength + ", paddingLength=" + paddingLength);
        }
    }

    // Not by a slice, which would be allocated.
    private void zero(long from, long to) {
        long at = from;
        for (; to - at >= Long.BYTES; at += Long.BYTES) {
            memory.set(JAVA_LONG_UNALIGNED, at, 0);
        }
        for (; at < to; at++) {
            memory.set(JAVA_BYTE, at, (byte) 0);
        }
    }
}
