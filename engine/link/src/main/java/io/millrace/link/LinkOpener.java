package io.millrace.link;

import static io.millrace.memory.Layouts.BE_SHORT;
import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.FrameOperands;
import io.millrace.frame.FrameStatus;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Opens the frames of a batch in place: length, then (where the caller may) the window, then the tag, then the type.
 * The frames of a batch may belong to different links.
 *
 * <p>Nothing of a frame takes effect here. Its counter is to be {@linkplain Link#accept accepted} once it is
 * {@link FrameStatus#OK}; two equal frames of one batch are distinguished only there.
 *
 * <p>Not thread safe: one per stage thread. Throws nothing for a bad frame and allocates nothing after it is made.
 */
public final class LinkOpener {
    private final BatchCrypto crypto;
    private final MemorySegment memory;
    private final FrameOperands operands;
    private final StatusArray authentic;
    private final LinkSession[] sessions;
    private final long[] positions;
    private final long[] counters;
    private final int[] statuses;
    private int count;

    /**
     * Makes an opener.
     *
     * @param arena lives at least as long as the opener is used.
     * @param crypto provider of the batch operations; stays the caller's.
     * @param memory native; the frames lie in it.
     * @param limit largest batch, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public LinkOpener(Arena arena, BatchCrypto crypto, MemorySegment memory, int limit) {
        this.crypto = crypto;
        this.memory = memory;
        this.operands = new FrameOperands(arena, memory, limit);
        this.authentic = new StatusArray(arena, limit);
        this.sessions = new LinkSession[limit];
        this.positions = new long[limit];
        this.counters = new long[limit];
        this.statuses = new int[limit];
    }

    /**
     * Adds a frame if its length and, if asked, its counter allow it.
     *
     * @param position of the frame's first byte, which has {@code length} bytes of the memory from there.
     * @param length in bytes, as received.
     * @param link of the frame's peer.
     * @param checkWindow whether to look at the link's window first: only on the thread that owns it.
     * @return {@link FrameStatus#OK} if it was added, as the next index from 0; otherwise why it is to be dropped.
     */
    public int add(long position, int length, Link link, boolean checkWindow) {
        if (length != LinkFrame.FRAME_LENGTH) {
            return FrameStatus.BAD_LENGTH;
        }
        operands.requireFrame(position, length);
        if (count == positions.length) {
            throw new IllegalStateException("the batch is full: count=" + count + ", limit=" + positions.length);
        }
        if (memory.get(BE_SHORT, position + LinkFrame.LENGTH_OFFSET) != LinkFrame.LENGTH_VALUE) {
            return FrameStatus.BAD_LENGTH;
        }
        final long counter = memory.get(LE_LONG, position);
        final LinkSession session = link.receiving(counter);
        final long keyPosition = session == null ? -1 : session.receiveKeyPosition(counter);
        if (keyPosition < 0) {
            return FrameStatus.UNKNOWN_KEY;
        }
        if (checkWindow && !session.isNew(counter)) {
            return FrameStatus.OLD_OR_DUPLICATE;
        }
        sessions[count] = session;
        positions[count] = position;
        counters[count] = counter;
        operands.places(count, position, position + LinkFrame.TYPE_OFFSET, position + LinkFrame.TAG_OFFSET);
        operands.nonceAndKey(count, counter, session.receiveKeyMemory(), keyPosition);
        count++;
        return FrameStatus.OK;
    }

    /** Opens the frames added since the last call; returns how many frames have a {@link #status} now. */
    public int open() {
        final int opened = count;
        count = 0;
        if (opened == 0) {
            return 0;
        }
        operands.requireOpen();
        for (int i = 0; i < opened; i++) {
            sessions[i].requireReceiveKey();
            sessions[i] = null;
        }
        crypto.aeadOpen(
                opened,
                operands.text,
                LinkFrame.TEXT_LENGTH,
                operands.tag,
                operands.ad,
                LinkFrame.AD_LENGTH,
                operands.nonce,
                operands.key,
                authentic);
        for (int i = 0; i < opened; i++) {
            statuses[i] = authentic.ok(i) ? typeStatus(positions[i]) : FrameStatus.BAD_TAG;
        }
        return opened;
    }

    /**
     * What became of frame {@code index} of the last {@link #open}: one of {@link FrameStatus}.
     *
     * @param index of the frame, in the order of adding.
     */
    public int status(int index) {
        return statuses[index];
    }

    /**
     * Counter of frame {@code index} of the last {@link #open}, unsigned.
     *
     * @param index of the frame, in the order of adding.
     */
    public long counter(int index) {
        return counters[index];
    }

    /**
     * Low 8 bits of the key epoch of frame {@code index}, 0 to 255; means something if its status is OK.
     *
     * @param index of the frame, in the order of adding.
     */
    public int epoch(int index) {
        return Byte.toUnsignedInt(memory.get(JAVA_BYTE, positions[index] + LinkFrame.EPOCH_OFFSET));
    }

    private int typeStatus(long position) {
        final boolean packet = memory.get(JAVA_BYTE, position + LinkFrame.TYPE_OFFSET) == LinkFrame.TYPE_PACKET;
        return packet ? FrameStatus.OK : FrameStatus.BAD_TYPE;
    }
}
