package io.millrace.htx;

import io.millrace.crypto.SecretKey;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The cells for the sessions of all links of an engine: allocated once, given out, taken back and wiped. No memory is
 * freed while threads seal and open.
 *
 * <p>A cell that is taken back may still be in a batch of some thread, so it rests until every thread has passed a
 * quiescent point.
 *
 * <p>Threading: the thread that looks after the links; {@link #close()} after all threads have ended.
 */
public final class SessionCells implements AutoCloseable {
    /** Cells per link: a session in use, the one before, one being made, and one at rest. */
    private static final int CELLS_PER_LINK = 4;

    private record Resting(SessionCell cell, long mark) {}

    private final SecretKey memory;
    private final Quiescence quiescence;
    private final Deque<SessionCell> free = new ArrayDeque<>();
    private final Deque<Resting> resting = new ArrayDeque<>();

    /** Allocates the cells for {@code linkCount} links, 1 or more. */
    public SessionCells(int linkCount, Quiescence quiescence) {
        this.quiescence = quiescence;
        final int count = CELLS_PER_LINK * linkCount;
        try (Arena arena = Arena.ofConfined()) {
            memory = SecretKey.copyOf(arena.allocate((long) count * SessionCell.LENGTH));
        }
        for (int i = 0; i < count; i++) {
            free.add(new SessionCell(memory.segment().asSlice((long) i * SessionCell.LENGTH, SessionCell.LENGTH)));
        }
    }

    Quiescence quiescence() {
        return quiescence;
    }

    /** A wiped cell; null if all are in use. */
    SessionCell acquire() {
        poll();
        return free.poll();
    }

    /** Takes a cell back whose session is no longer published. */
    void release(SessionCell cell) {
        resting.add(new Resting(cell, quiescence.mark()));
    }

    /** Whether cells wait to be wiped by {@link #poll()}. */
    public boolean isWiping() {
        return !resting.isEmpty();
    }

    /** Wipes the cells that no thread can be using any more. */
    public void poll() {
        while (!resting.isEmpty() && quiescence.isPassed(resting.peek().mark())) {
            final SessionCell cell = resting.poll().cell();
            cell.wipe();
            free.add(cell);
        }
    }

    /** Wipes and frees everything. */
    @Override
    public void close() {
        memory.close();
    }
}
