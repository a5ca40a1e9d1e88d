package io.millrace.htx;

import io.millrace.crypto.BatchCrypto;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Opens frames of ordered carriers where they stand. Whatever is wrong with a frame is the end of its session.
 *
 * <p>Not thread safe: one per thread. Throws nothing for a bad frame and allocates nothing after it is made.
 */
public final class FrameOpener {
    /** Result of {@link #open} if more bytes are needed. */
    public static final int INCOMPLETE = 0;

    private final BatchCrypto crypto;
    private final MemorySegment memory;
    private final int maxLength;
    private final FrameOperands operands;
    private final StatusArray authentic;
    private final Frame frame = new Frame();

    /**
     * Makes an opener.
     *
     * @param arena lives at least as long as the opener is used.
     * @param memory native; the frames lie in it.
     * @param maxLength largest length field to accept, {@link Frame#MIN_LENGTH} to {@link Frame#HARD_MAX_LENGTH}.
     */
    public FrameOpener(Arena arena, BatchCrypto crypto, MemorySegment memory, int maxLength) {
        if (maxLength < Frame.MIN_LENGTH || maxLength > Frame.HARD_MAX_LENGTH) {
            throw new IllegalArgumentException("maxLength must be " + Frame.MIN_LENGTH + " to " + Frame.HARD_MAX_LENGTH
                    + ": maxLength=" + maxLength);
        }
        this.crypto = crypto;
        this.memory = memory;
        this.maxLength = maxLength;
        this.operands = new FrameOperands(arena, memory, 1);
        this.authentic = new StatusArray(arena, 1);
    }

    /**
     * Opens the frame at {@code position}, if it is there as a whole.
     *
     * @param keys counts the frame if it is authentic.
     * @param available bytes that may be read from {@code position} on.
     * @return length of the whole frame in bytes, which is in {@link #frame} now; {@link #INCOMPLETE}; or, negated, the
     *     code of {@link FrameStatus} that ends the session.
     */
    public int open(KeySchedule keys, long position, long available) {
        if (available < Frame.LENGTH_FIELD) {
            return INCOMPLETE;
        }
        final int length = Short.toUnsignedInt(memory.get(LinkFrame.BE_SHORT, position));
        if (length < Frame.MIN_LENGTH || length > maxLength) {
            return -FrameStatus.BAD_LENGTH;
        }
        if (available < Frame.LENGTH_FIELD + length) {
            return INCOMPLETE;
        }
        operands.requireFrame(position, (long) Frame.LENGTH_FIELD + length);
        if (keys.overused() || keys.exhausted()) {
            return -FrameStatus.KEY_OVERUSED;
        }
        final int textLength = length - Frame.TAG_LENGTH;
        operands.set(0, position, textLength, keys.counter(), keys.keyAddress());
        crypto.aeadOpen(
                1,
                operands.text,
                textLength,
                operands.tag,
                operands.ad,
                Frame.LENGTH_FIELD,
                operands.nonce,
                operands.key,
                authentic);
        if (!authentic.ok(0)) {
            return -FrameStatus.BAD_TAG;
        }
        keys.count(length);
        final int status = frame.parse(memory, position + Frame.LENGTH_FIELD, textLength);
        return status == FrameStatus.OK ? Frame.LENGTH_FIELD + length : -status;
    }

    /** The frame opened last. */
    public Frame frame() {
        return frame;
    }
}
