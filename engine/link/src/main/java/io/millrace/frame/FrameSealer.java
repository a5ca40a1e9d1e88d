package io.millrace.frame;

import static io.millrace.memory.Layouts.BE_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.provider.BatchCrypto;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Seals frames of ordered carriers in place: in a slot, or in a stream buffer. The caller has put the payload behind room
 * for the header, and there is room for padding and tag behind it.
 *
 * <p>Frames are sealed one by one, or collected and sealed together; the bytes are the same. Together, frames of equal
 * length share the lanes of vectors where the provider has vectors.
 *
 * <p>Not thread safe: one per thread. Allocates nothing after it is made.
 */
public final class FrameSealer {
    /** Mark in {@link #textLengths} of a frame that is in an earlier call of the provider. */
    private static final int DONE = -1;

    private final BatchCrypto crypto;
    private final MemorySegment memory;
    private final FrameOperands operands;

    /** The frames that wait, under one key. */
    private final long[] positions;

    private final int[] textLengths;
    private final long[] counters;
    private SendingKeySchedule waitingKeys;
    private long generation;
    private int count;
    private boolean broken;

    /**
     * Makes a sealer of single frames.
     *
     * @param arena lives at least as long as the sealer is used.
     * @param crypto seals the frames.
     * @param memory native; the frames lie in it.
     */
    public FrameSealer(Arena arena, BatchCrypto crypto, MemorySegment memory) {
        this(arena, crypto, memory, 1);
    }

    /**
     * Makes a sealer.
     *
     * @param arena lives at least as long as the sealer is used.
     * @param crypto seals the frames.
     * @param memory native; the frames lie in it.
     * @param limit most frames that wait to be sealed together, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public FrameSealer(Arena arena, BatchCrypto crypto, MemorySegment memory, int limit) {
        this.crypto = crypto;
        this.memory = memory;
        this.operands = new FrameOperands(arena, memory, limit);
        this.positions = new long[limit];
        this.textLengths = new int[limit];
        this.counters = new long[limit];
    }

    /**
     * Writes the header before and padding and tag behind the payload, and encrypts. The payload is
     * {@link Frame#headerLength} bytes behind {@code position}. Frames that wait are sealed first.
     *
     * @param keys not {@linkplain KeySchedule#exhausted exhausted}; counts the frame, also one whose sealing throws.
     * @param position of the frame's first byte.
     * @param typeAndFlags of {@link FrameType}, without {@link FrameType#PADDED}.
     * @param streamId 0 to {@link QuicVarint#MAX}.
     * @param payloadLength in bytes.
     * @param paddingLength in bytes, 0 for none.
     * @return length of the whole frame in bytes.
     */
    public int seal(
            SendingKeySchedule keys,
            long position,
            int typeAndFlags,
            long streamId,
            int payloadLength,
            int paddingLength) {
        sealAdded();
        final int length = write(keys, position, typeAndFlags, streamId, payloadLength, paddingLength);
        final int textLength = length - Frame.TAG_LENGTH;
        operands.set(0, position, textLength, keys.counter(), keys.key());
        keys.count(length); // first: a nonce is used once, even if sealing fails
        encrypt(1, textLength);
        return Frame.LENGTH_FIELD + length;
    }

    /**
     * Writes the header before and padding behind the payload, and takes a counter; {@link #sealAdded} encrypts. Until then
     * the frame's bytes are plaintext, and neither the frame nor {@code keys} may change.
     *
     * @param keys not {@linkplain KeySchedule#exhausted exhausted}; counts the frame. If the frames that wait have other
     *     keys, or if there is no room for one more, they are sealed first.
     * @param position of the frame's first byte.
     * @param typeAndFlags of {@link FrameType}, without {@link FrameType#PADDED}.
     * @param streamId 0 to {@link QuicVarint#MAX}.
     * @param payloadLength in bytes.
     * @param paddingLength in bytes, 0 for none.
     * @return length of the whole frame in bytes.
     */
    public int add(
            SendingKeySchedule keys,
            long position,
            int typeAndFlags,
            long streamId,
            int payloadLength,
            int paddingLength) {
        if (count == positions.length || (count > 0 && keys != waitingKeys)) {
            sealAdded();
        }
        final int length = write(keys, position, typeAndFlags, streamId, payloadLength, paddingLength);
        if (count > 0) {
            requireKey();
        }
        waitingKeys = keys;
        generation = keys.generation();
        positions[count] = position;
        textLengths[count] = length - Frame.TAG_LENGTH;
        counters[count] = keys.counter();
        keys.count(length);
        count++;
        return Frame.LENGTH_FIELD + length;
    }

    /**
     * Encrypts the frames added since the last call.
     *
     * @return how many.
     * @throws IllegalStateException if their key is closed, or has been left, or if the provider has thrown before: how many
     *     of the frames are encrypted is unknown then.
     */
    public int sealAdded() {
        final int added = count;
        if (added == 0) {
            return 0;
        }
        requireKey();
        operands.requireOpen();
        final MemorySegment key = waitingKeys.key();
        broken = true;
        for (int first = 0; first < added; first++) {
            final int textLength = textLengths[first];
            if (textLength != DONE) {
                encrypt(gather(first, added, textLength, key), textLength);
            }
        }
        broken = false;
        count = 0;
        waitingKeys = null;
        return added;
    }

    /** Collects the operands of all frames of that length, from {@code first} on; returns how many. */
    private int gather(int first, int end, int textLength, MemorySegment key) {
        int group = 0;
        for (int i = first; i < end; i++) {
            if (textLengths[i] == textLength) {
                operands.set(group++, positions[i], textLength, counters[i], key);
                textLengths[i] = DONE;
            }
        }
        return group;
    }

    private void requireKey() {
        if (broken) {
            throw new IllegalStateException("the provider has failed: frames=" + count);
        }
        if (waitingKeys.generation() != generation) {
            throw new IllegalStateException("the key of the frames that wait has been left: frames=" + count
                    + ", generation=" + generation + ", present=" + waitingKeys.generation());
        }
    }

    private void encrypt(int frames, int textLength) {
        crypto.aeadSeal(
                frames,
                operands.text,
                textLength,
                operands.tag,
                operands.ad,
                Frame.LENGTH_FIELD,
                operands.nonce,
                operands.key);
    }

    /** Writes the parts before and after the payload; returns the value of the length field. */
    private int write(
            SendingKeySchedule keys,
            long position,
            int typeAndFlags,
            long streamId,
            int payloadLength,
            int paddingLength) {
        final int headerLength = Frame.headerLength(streamId);
        requireLengths(headerLength, payloadLength, paddingLength);
        final int length = headerLength - Frame.LENGTH_FIELD + payloadLength + paddingLength + Frame.TAG_LENGTH;
        operands.requireFrame(position, (long) Frame.LENGTH_FIELD + length);
        if (keys.exhausted()) {
            throw new IllegalStateException("the counters are used up: generation=" + keys.generation());
        }
        memory.set(BE_SHORT, position, (short) length);
        final int padded = paddingLength > 0 ? FrameType.PADDED : 0;
        memory.set(JAVA_BYTE, position + Frame.LENGTH_FIELD, (byte) (typeAndFlags | padded));
        QuicVarint.write(memory, position + Frame.LENGTH_FIELD + 1, streamId);
        if (paddingLength > 0) {
            final long padding = position + headerLength + payloadLength;
            memory.set(JAVA_BYTE, padding, Frame.PADDING_MARK);
            zero(padding + 1, padding + paddingLength);
        }
        return length;
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
