package io.millrace.link;

import io.millrace.crypto.SecretKey;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Key slots for the sessions of all links of an engine: allocated once, acquired, released and wiped. No memory is freed
 * while threads seal and open.
 *
 * <p>A released slot may still be in a batch of some thread, so it is reused only after every thread has passed a quiescent
 * point.
 *
 * <p>Threading: the thread that runs the links' handshakes; {@link #close()} after all threads have ended.
 */
public final class LinkKeySlots implements AutoCloseable {
    /** Slots per link: a session in use, the one before, one being made, and one at rest. */
    private static final int SLOTS_PER_LINK = 4;

    private record Resting(LinkKeySlot slot, long mark) {}

    private final SecretKey memory;
    private final QuiescentState quiescence;
    private final Deque<LinkKeySlot> free = new ArrayDeque<>();
    private final Deque<Resting> resting = new ArrayDeque<>();

    /**
     * Allocates the slots.
     *
     * @param linkCount links that share them, 1 or more.
     * @param quiescence tells when all threads have passed a quiescent point.
     * @throws io.millrace.crypto.SecretCellsExhaustedException if the process has no guarded memory left.
     */
    public LinkKeySlots(int linkCount, QuiescentState quiescence) {
        this.quiescence = quiescence;
        final int count = SLOTS_PER_LINK * linkCount;
        try (Arena arena = Arena.ofConfined()) {
            memory = SecretKey.copyOf(arena.allocate((long) count * LinkKeySlot.LENGTH));
        }
        for (int i = 0; i < count; i++) {
            free.add(new LinkKeySlot(memory.segment().asSlice((long) i * LinkKeySlot.LENGTH, LinkKeySlot.LENGTH)));
        }
    }

    QuiescentState quiescence() {
        return quiescence;
    }

    /** A wiped slot; null if all are in use. */
    LinkKeySlot acquire() {
        poll();
        return free.poll();
    }

    /** Takes a slot back whose session is no longer published. */
    void release(LinkKeySlot slot) {
        resting.add(new Resting(slot, quiescence.mark()));
    }

    /** Whether slots wait to be wiped by {@link #poll()}. */
    public boolean isWiping() {
        return !resting.isEmpty();
    }

    /** Wipes the slots that no thread can be using any more. */
    public void poll() {
        while (!resting.isEmpty() && quiescence.isPassed(resting.peek().mark())) {
            final LinkKeySlot slot = resting.poll().slot();
            slot.wipe();
            free.add(slot);
        }
    }

    /** Wipes and frees everything. */
    @Override
    public void close() {
        memory.close();
    }
}
