package io.millrace.htx.session;

import java.lang.foreign.MemorySegment;

/** Bytes in order, in blocks of a pool. The caller keeps it bounded. Not thread safe; allocates nothing. */
final class ByteQueue {
    private final BlockPool pool;
    private int head = BlockPool.NONE;
    private int tail = BlockPool.NONE;
    private int headOffset;
    private int tailOffset;
    private int size;

    ByteQueue(BlockPool pool) {
        this.pool = pool;
    }

    /** Number of bytes in the queue. */
    int size() {
        return size;
    }

    /** Appends {@code length} bytes of {@code source}. */
    void append(MemorySegment source, long offset, int length) {
        int done = 0;
        while (done < length) {
            if (tail == BlockPool.NONE || tailOffset == BlockPool.BLOCK_LENGTH) {
                extend();
            }
            final int count = Math.min(length - done, BlockPool.BLOCK_LENGTH - tailOffset);
            MemorySegment.copy(source, offset + done, pool.piece(tail), pool.offset(tail) + tailOffset, count);
            tailOffset += count;
            done += count;
        }
        size += length;
    }

    /** Moves the first {@code length} bytes, at most {@link #size}, to {@code target}. */
    void remove(MemorySegment target, long offset, int length) {
        assert length <= size;
        int done = 0;
        while (done < length) {
            final int end = head == tail ? tailOffset : BlockPool.BLOCK_LENGTH;
            final int count = Math.min(length - done, end - headOffset);
            MemorySegment.copy(pool.piece(head), pool.offset(head) + headOffset, target, offset + done, count);
            headOffset += count;
            done += count;
            if (headOffset == end) {
                dropHead();
            }
        }
        size -= length;
    }

    /** Drops all bytes. */
    void clear() {
        while (head != BlockPool.NONE) {
            dropHead();
        }
        size = 0;
    }

    private void extend() {
        final int block = pool.take();
        if (tail == BlockPool.NONE) {
            head = block;
            headOffset = 0;
        } else {
            pool.link(tail, block);
        }
        tail = block;
        tailOffset = 0;
    }

    private void dropHead() {
        final int block = head;
        head = block == tail ? BlockPool.NONE : pool.next(block);
        tail = head == BlockPool.NONE ? BlockPool.NONE : tail;
        headOffset = 0;
        pool.give(block);
    }
}
