package io.millrace.htx.session;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Off-heap blocks of equal length, linked by index, for the queues of one session. Memory is taken in pieces as it is
 * needed and kept until the arena closes.
 *
 * <p>Not thread safe. Allocates only while it grows.
 */
final class BlockPool {
    /** Length of a block in bytes. */
    static final int BLOCK_LENGTH = 4_096;

    /** No block. */
    static final int NONE = -1;

    private static final int BLOCKS_PER_PIECE = 64;
    private static final int PIECE_SHIFT = 6;

    private final Arena arena;
    private final int maxBlocks;
    private MemorySegment[] pieces = new MemorySegment[0];
    private int[] next = new int[0];
    private int free = NONE;

    /** @param maxBlocks more than its users can ever ask for: they are bounded by credit, not by this. */
    BlockPool(Arena arena, int maxBlocks) {
        this.arena = arena;
        this.maxBlocks = maxBlocks;
    }

    int take() {
        if (free == NONE) {
            grow();
        }
        final int block = free;
        free = next[block];
        next[block] = NONE;
        return block;
    }

    void give(int block) {
        next[block] = free;
        free = block;
    }

    int next(int block) {
        return next[block];
    }

    void link(int block, int following) {
        next[block] = following;
    }

    MemorySegment piece(int block) {
        return pieces[block >>> PIECE_SHIFT];
    }

    long offset(int block) {
        return (long) (block & (BLOCKS_PER_PIECE - 1)) * BLOCK_LENGTH;
    }

    /** Bytes taken from the arena so far. */
    long allocatedBytes() {
        return (long) pieces.length * BLOCKS_PER_PIECE * BLOCK_LENGTH;
    }

    private void grow() {
        final int first = next.length;
        if (first >= maxBlocks) {
            throw new AssertionError("credit let through more than it should: blocks=" + first);
        }
        pieces = Arrays.copyOf(pieces, pieces.length + 1);
        pieces[pieces.length - 1] = arena.allocate((long) BLOCKS_PER_PIECE * BLOCK_LENGTH, BLOCK_LENGTH);
        next = Arrays.copyOf(next, first + BLOCKS_PER_PIECE);
        for (int i = first; i < next.length; i++) {
            next[i] = i + 1 < next.length ? i + 1 : NONE;
        }
        free = first;
    }
}
