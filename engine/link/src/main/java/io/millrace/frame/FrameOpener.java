package io.millrace.frame;

import static io.millrace.memory.Layouts.BE_SHORT;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Opens frames of ordered carriers in place. Whatever is wrong with a frame is the end of its session.
 *
 * <p>Whole frames behind the one asked for may be decrypted in the same call of the provider, where it has vectors. None of
 * them counts, and no caller sees any byte of one, before {@link #open} is called for it; it is then judged as if it had
 * been opened alone. A change of key in between makes the decrypted rest void: those that failed under the left key are
 * tried under the present one, and those that did not fail are refused.
 *
 * <p>Not thread safe: one per thread. Throws nothing for a bad frame and allocates nothing after it is made.
 */
public final class FrameOpener {
    /** Result of {@link #open} if more bytes are needed. */
    public static final int INCOMPLETE = 0;

    /** State of a frame ahead: not decrypted. */
    private static final int SEALED = 0;

    /** State of a frame ahead: authentic under the key of its counter, and decrypted. */
    private static final int AUTHENTIC = 1;

    /** State of a frame ahead: not authentic, and unchanged. */
    private static final int FORGED = 2;

    private final BatchCrypto crypto;
    private final MemorySegment memory;
    private final int maxLength;
    private final FrameOperands operands;
    private final StatusArray authentic;
    private final Frame frame = new Frame();

    /** The frames ahead, from {@link #next} on, under one key. */
    private final long[] positions;

    private final int[] lengths;
    private final int[] states;
    private final int[] members;
    private ReceivingKeySchedule aheadKeys;
    private long generation;
    private int next;
    private int ahead;

    /** Frames to look at next: few after a change of key, so that one frame never costs more than two. */
    private int window;

    /**
     * Makes an opener of single frames.
     *
     * @param arena lives at least as long as the opener is used.
     * @param crypto opens the frames.
     * @param memory native; the frames lie in it.
     * @param maxLength largest length field to accept, {@link Frame#MIN_LENGTH} to {@link Frame#HARD_MAX_LENGTH}.
     */
    public FrameOpener(Arena arena, BatchCrypto crypto, MemorySegment memory, int maxLength) {
        this(arena, crypto, memory, maxLength, 1);
    }

    /**
     * Makes an opener.
     *
     * @param arena lives at least as long as the opener is used.
     * @param crypto opens the frames.
     * @param memory native; the frames lie in it.
     * @param maxLength largest length field to accept, {@link Frame#MIN_LENGTH} to {@link Frame#HARD_MAX_LENGTH}.
     * @param limit most frames to decrypt together, 1 to {@link BatchCrypto#MAX_BATCH}. If it is more than 1, frames are
     *     opened in order, each right behind the one before.
     */
    public FrameOpener(Arena arena, BatchCrypto crypto, MemorySegment memory, int maxLength, int limit) {
        if (maxLength < Frame.MIN_LENGTH || maxLength > Frame.HARD_MAX_LENGTH) {
            throw new IllegalArgumentException("maxLength must be " + Frame.MIN_LENGTH + " to " + Frame.HARD_MAX_LENGTH
                    + ": maxLength=" + maxLength);
        }
        this.crypto = crypto;
        this.memory = memory;
        this.maxLength = maxLength;
        this.operands = new FrameOperands(arena, memory, limit);
        this.authentic = new StatusArray(arena, limit);
        final boolean together = crypto.aeadTogether(limit, 0) + crypto.aeadTogether(limit, maxLength) > 0;
        this.window = together ? limit : 1;
        this.positions = new long[window];
        this.lengths = new int[window];
        this.states = new int[window];
        this.members = new int[window];
    }

    /**
     * Opens the frame at {@code position}, if it is there as a whole.
     *
     * @param keys counts the frame if it is authentic.
     * @param position of the frame's first byte.
     * @param available bytes that may be read from {@code position} on.
     * @return length of the whole frame in bytes, which is in {@link #frame} now; {@link #INCOMPLETE}; or, negated, the
     *     code of {@link FrameStatus} that ends the session.
     * @throws IllegalStateException if frames were decrypted ahead and the next one is not at {@code position}.
     */
    public int open(ReceivingKeySchedule keys, long position, long available) {
        if (next < ahead && (keys != aheadKeys || keys.generation() != generation)) {
            next = ahead;
            window = 1;
        }
        final int length = next < ahead ? aheadLength(position) : lengthField(position, available);
        if (length <= 0 || available < Frame.LENGTH_FIELD + length) {
            return Math.min(length, INCOMPLETE);
        }
        operands.requireFrame(position, (long) Frame.LENGTH_FIELD + length);
        if (keys.overused() || keys.exhausted()) {
            next = ahead;
            return -FrameStatus.KEY_OVERUSED;
        }
        if (next == ahead && positions.length > 1) {
            lookAhead(keys, position, available, length);
        }
        final int state = next < ahead ? states[next++] : SEALED;
        if (state == FORGED || (state == SEALED && !decrypt(keys, position, length - Frame.TAG_LENGTH))) {
            next = ahead;
            return -FrameStatus.BAD_TAG;
        }
        keys.count(length);
        final int status = frame.parse(memory, position + Frame.LENGTH_FIELD, length - Frame.TAG_LENGTH);
        return status == FrameStatus.OK ? Frame.LENGTH_FIELD + length : -status;
    }

    /** The frame opened last. */
    public Frame frame() {
        return frame;
    }

    /**
     * Follows the frames that are not opened yet after their owner has moved them.
     *
     * @param distance bytes towards the start of the memory.
     */
    public void moved(long distance) {
        for (int i = next; i < ahead; i++) {
            positions[i] -= distance;
        }
    }

    /** The value of the length field at {@code position}, or what {@link #open} says of it. */
    private int lengthField(long position, long available) {
        if (available < Frame.LENGTH_FIELD) {
            return INCOMPLETE;
        }
        final int length = Short.toUnsignedInt(memory.get(BE_SHORT, position));
        return length < Frame.MIN_LENGTH || length > maxLength ? -FrameStatus.BAD_LENGTH : length;
    }

    private int aheadLength(long position) {
        if (position != positions[next]) {
            throw new IllegalStateException(
                    "frames are opened in order: position=" + position + ", next=" + positions[next]);
        }
        return lengths[next];
    }

    private boolean decrypt(ReceivingKeySchedule keys, long position, int textLength) {
        operands.set(0, position, textLength, keys.counter(), keys.key());
        decrypt(1, textLength);
        return authentic.ok(0);
    }

    /** Finds the whole frames from {@code position} on, and decrypts together those that the provider can. */
    private void lookAhead(ReceivingKeySchedule keys, long position, long available, int firstLength) {
        final int most = window;
        window = Math.min(2 * window, positions.length);
        int length = firstLength;
        long at = position;
        long left = Math.min(available, memory.byteSize() - position);
        int found = 0;
        while (length > 0 && left >= Frame.LENGTH_FIELD + length && found < most && keys.hasCounters(found + 1L)) {
            positions[found] = at;
            lengths[found] = length;
            states[found++] = SEALED;
            at += Frame.LENGTH_FIELD + length;
            left -= Frame.LENGTH_FIELD + length;
            length = lengthField(at, left);
        }
        if (found < 2) {
            return;
        }
        aheadKeys = keys;
        generation = keys.generation();
        next = 0;
        ahead = found;
        decryptAhead(keys.counter(), keys.key());
    }

    private void decryptAhead(long counter, MemorySegment key) {
        for (int first = 0; first < ahead - 1; first++) {
            final int length = lengths[first];
            if (states[first] == SEALED && isFirstOf(length, first)) {
                final int textLength = length - Frame.TAG_LENGTH;
                final int together = crypto.aeadTogether(gather(first, counter, key), textLength);
                if (together > 1) {
                    decrypt(together, textLength);
                    for (int i = 0; i < together; i++) {
                        states[members[i]] = authentic.ok(i) ? AUTHENTIC : FORGED;
                    }
                }
            }
        }
    }

    /** Whether no frame ahead before {@code index} has that length. */
    private boolean isFirstOf(int length, int index) {
        for (int i = 0; i < index; i++) {
            if (lengths[i] == length) {
                return false;
            }
        }
        return true;
    }

    /** Collects the operands of the frames ahead that are as long as frame {@code first}; returns how many. */
    private int gather(int first, long counter, MemorySegment key) {
        final int length = lengths[first];
        int group = 0;
        for (int i = first; i < ahead; i++) {
            if (lengths[i] == length) {
                operands.set(group, positions[i], length - Frame.TAG_LENGTH, counter + i, key);
                members[group++] = i;
            }
        }
        return group;
    }

    private void decrypt(int frames, int textLength) {
        crypto.aeadOpen(
                frames,
                operands.text,
                textLength,
                operands.tag,
                operands.ad,
                Frame.LENGTH_FIELD,
                operands.nonce,
                operands.key,
                authentic);
    }
}
