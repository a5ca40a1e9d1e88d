package io.millrace.link;

import static io.millrace.memory.Layouts.BE_SHORT;
import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.FrameOperands;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Seals packets for their links, in place and in batches: writes the frame's header before the packet, encrypts, and
 * writes the tag behind it. The packets of a batch may belong to different links, whose sessions have their keys in the same
 * {@link LinkKeySlots}.
 *
 * <p>Not thread safe: one per stage thread. Allocates nothing after it is made.
 */
public final class LinkSealer {
    private final BatchCrypto crypto;
    private final MemorySegment memory;
    private final FrameOperands operands;
    private final LinkSession[] sessions;
    private final long[] counters;
    private int count;

    /**
     * Makes a sealer.
     *
     * @param arena lives at least as long as the sealer is used.
     * @param crypto provider of the batch operations; stays the caller's.
     * @param memory native; the frames lie in it.
     * @param limit largest batch, 1 to {@link BatchCrypto#MAX_BATCH}.
     */
    public LinkSealer(Arena arena, BatchCrypto crypto, MemorySegment memory, int limit) {
        this.crypto = crypto;
        this.memory = memory;
        this.operands = new FrameOperands(arena, memory, limit);
        this.sessions = new LinkSession[limit];
        this.counters = new long[limit];
    }

    /**
     * Adds the packet in the frame at {@code position} to the batch and takes the link's next counter for it.
     *
     * @param position of the frame's first byte, which has {@link LinkFrame#FRAME_LENGTH} bytes of the memory from there;
     *     the packet is {@link LinkFrame#HEADER_LENGTH} bytes further on.
     * @param link of the peer that the frame goes to.
     * @param epoch number of the peer's key epoch that the packet was wrapped for; its low 8 bits go into the frame.
     * @return false if the link is down, or has no counter left, or its next key is not prepared: nothing was added then.
     * @throws IllegalArgumentException if the link has its keys in other {@link LinkKeySlots} than a link before it.
     */
    public boolean add(long position, Link link, long epoch) {
        operands.requireFrame(position, LinkFrame.FRAME_LENGTH);
        if (count == sessions.length) {
            throw new IllegalStateException("the batch is full: count=" + count + ", limit=" + sessions.length);
        }
        final LinkSession session = link.sending();
        if (session == null || !session.canSend(1)) {
            return false;
        }
        final long keyPosition = session.sendKeyPosition();
        if (keyPosition < 0) {
            return false;
        }
        final long counter = session.takeCounter();
        memory.set(LE_LONG, position, counter);
        memory.set(BE_SHORT, position + LinkFrame.LENGTH_OFFSET, LinkFrame.LENGTH_VALUE);
        memory.set(JAVA_BYTE, position + LinkFrame.TYPE_OFFSET, (byte) LinkFrame.TYPE_PACKET);
        memory.set(JAVA_BYTE, position + LinkFrame.EPOCH_OFFSET, (byte) epoch);
        sessions[count] = session;
        counters[count] = counter;
        operands.places(count, position, position + LinkFrame.TYPE_OFFSET, position + LinkFrame.TAG_OFFSET);
        operands.nonceAndKey(count, counter, session.sendKeyMemory(), keyPosition);
        count++;
        return true;
    }

    /** Seals the packets added since the last call; returns how many. */
    public int seal() {
        final int sealed = count;
        count = 0;
        if (sealed > 0) {
            operands.requireOpen();
            for (int i = 0; i < sealed; i++) {
                sessions[i].requireSendKey();
            }
            crypto.aeadSeal(
                    sealed,
                    operands.text,
                    LinkFrame.TEXT_LENGTH,
                    operands.tag,
                    operands.ad,
                    LinkFrame.AD_LENGTH,
                    operands.nonce,
                    operands.key);
            // Only now: a key may be overwritten once the next but one is in use.
            for (int i = 0; i < sealed; i++) {
                sessions[i].sealed(counters[i]);
                sessions[i] = null;
            }
        }
        return sealed;
    }
}
