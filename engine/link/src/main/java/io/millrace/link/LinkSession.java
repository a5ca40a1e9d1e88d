package io.millrace.link;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One agreement of two ends on keys: from a handshake, or from a pre-shared key.
 *
 * <p>The counter of a frame of a handshaked session is 64 bits: an index of 16 that the receiver has chosen to know the
 * session by, then 48 that count frames from 0. The upper 32 of these are the generation, which names the key. A pre-shared
 * session has one key per direction and counters from {@link LinkKeys}.
 *
 * <p>Threading: {@link #takeCounter} and {@link #sealed} belong to the thread that seals, {@link #accept} to the one that
 * owns the window; keys may be looked up by any thread.
 */
final class LinkSession {
    /** Bits of a counter below the session's index. */
    static final int INDEX_SHIFT = 48;

    private static final long COUNT_MASK = (1L << INDEX_SHIFT) - 1;

    /** The last counter is reserved, as in Noise: it is never used for a frame. */
    private static final long RESERVED = -1L;

    private final ReplayWindow window;
    private final LinkKeyGenerations sendKeys;
    private final LinkKeyGenerations receiveKeys;
    private final LinkKeys shared;
    private final int receiveIndex;
    private final LinkKeySlot slot;
    private long nextCounter;

    /** Counted by the owner of the window, read by who looks after the link. */
    private final AtomicLong accepted = new AtomicLong();

    /** A session over pre-shared keys. */
    LinkSession(LinkKeys keys, long nextCounter) {
        this.window = new ReplayWindow(keys.receiveFloor());
        this.sendKeys = null;
        this.receiveKeys = null;
        this.shared = keys;
        this.receiveIndex = -1;
        this.slot = null;
        this.nextCounter = nextCounter;
    }

    /**
     * A session that a handshake has made.
     *
     * @param slot holds both directions' first keys and room for those that follow.
     * @param sendIndex which the peer has chosen, 0 to 65,535.
     * @param receiveIndex which this end has chosen, 0 to 65,535.
     */
    LinkSession(LinkKeySlot slot, int sendIndex, int receiveIndex) {
        this.slot = slot;
        this.sendKeys = slot.sendKeys();
        this.receiveKeys = slot.receiveKeys();
        this.shared = null;
        this.receiveIndex = receiveIndex;
        this.nextCounter = (long) sendIndex << INDEX_SHIFT;
        this.window = new ReplayWindow((long) receiveIndex << INDEX_SHIFT);
    }

    /** Whether a frame with this counter may be one of this session. */
    boolean owns(long counter) {
        return receiveIndex < 0 || counter >>> INDEX_SHIFT == receiveIndex;
    }

    /** Position in {@link #receiveKeyMemory} of the key that opens a frame with this counter, or -1 if it is not here. */
    long receiveKeyPosition(long counter) {
        return receiveKeys == null ? LinkKeys.RECEIVE_OFFSET : receiveKeys.position(generation(counter));
    }

    /** Where the keys lie that open frames; never freed. */
    MemorySegment receiveKeyMemory() {
        return receiveKeys == null ? shared.memory() : receiveKeys.memory();
    }

    /** Whether a frame's counter is new; remembers nothing. */
    boolean isNew(long counter) {
        return counter != RESERVED && window.check(counter);
    }

    /** Accepts the counter of an authentic frame, once. */
    boolean accept(long counter) {
        if (counter == RESERVED || !window.accept(counter)) {
            return false;
        }
        if (receiveKeys != null) {
            receiveKeys.use(generation(counter));
            accepted.lazySet(accepted.getPlain() + 1);
        }
        return true;
    }

    /** Whether there are counters left for {@code count} more frames. */
    boolean canSend(int count) {
        return sendKeys == null
                ? Long.compareUnsigned(RESERVED - nextCounter, count) >= 0
                : COUNT_MASK - (nextCounter & COUNT_MASK) >= count;
    }

    /** Position in {@link #sendKeyMemory} of the key for the next counter, or -1 if it is not prepared: none can be sent. */
    long sendKeyPosition() {
        return sendKeys == null ? LinkKeys.SEND_OFFSET : sendKeys.position(generation(nextCounter));
    }

    /** Where the keys lie that seal frames; never freed. */
    MemorySegment sendKeyMemory() {
        return sendKeys == null ? shared.memory() : sendKeys.memory();
    }

    /** Checks that the memory of the sending keys is open: C would not notice. */
    void requireSendKey() {
        if (sendKeys == null) {
            shared.memory();
        } else {
            sendKeys.requireOpen();
        }
    }

    /** Checks that the memory of the receiving keys is open. */
    void requireReceiveKey() {
        if (receiveKeys == null) {
            shared.memory();
        } else {
            receiveKeys.requireOpen();
        }
    }

    long takeCounter() {
        assert canSend(1) : "link is exhausted";
        return nextCounter++;
    }

    /** Tells that the frame with {@code counter} is sealed: its generation is in use. */
    void sealed(long counter) {
        if (sendKeys != null) {
            sendKeys.use(generation(counter));
        }
    }

    /** Frames accepted so far, of a handshaked session. */
    long accepted() {
        return accepted.get();
    }

    LinkKeyGenerations sendKeys() {
        return sendKeys;
    }

    LinkKeyGenerations receiveKeys() {
        return receiveKeys;
    }

    int receiveIndex() {
        return receiveIndex;
    }

    LinkKeySlot slot() {
        return slot;
    }

    private static long generation(long counter) {
        return (counter & COUNT_MASK) >>> LinkKeyGenerations.GENERATION_BITS;
    }
}
