package io.millrace.cli.bench;

import io.millrace.carrier.FrameBatch;
import io.millrace.htx.LinkFrame;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * Frames sealed ahead by a thread of its own and copied into the engine's slots, as from a network: for engines that do
 * I/O and everything else in one thread, whose time the upstream peer's work must not be counted in.
 */
final class FeedSource implements FrameSource {
    private static final int CAPACITY = 1_024;
    private static final int STRIDE = 2_176;
    private static final long PAUSE_NS = 20_000;

    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment memory = arena.allocate((long) CAPACITY * STRIDE, 64);
    private final FrameSource source;
    private final FrameBatch frames = new FrameBatch(memory, CAPACITY);
    private final Thread thread;
    private volatile long sealed;
    private volatile long taken;
    private volatile boolean closed;

    /** Starts the thread; takes over {@code source}. */
    FeedSource(FrameSource source) {
        this.source = source;
        this.thread = Thread.ofPlatform().name("bench-upstream").start(this::run);
    }

    @Override
    public int take(FrameBatch target, int limit) {
        final long from = taken;
        final int count = (int) Math.min(limit, sealed - from);
        for (int i = 0; i < count; i++) {
            final long position = (from + i) % CAPACITY * STRIDE;
            MemorySegment.copy(memory, position, target.memory(), target.position(i), LinkFrame.FRAME_LENGTH);
            target.filled(i, LinkFrame.FRAME_LENGTH, BenchCarrier.UPSTREAM);
        }
        taken = from + count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        source.close();
        arena.close();
    }

    private void run() {
        long position = 0;
        while (!closed) {
            final int room = (int) Math.min(CAPACITY - (position - taken), CAPACITY - position % CAPACITY);
            if (room == 0) {
                LockSupport.parkNanos(PAUSE_NS);
                continue;
            }
            for (int i = 0; i < room; i++) {
                frames.room(i, (position + i) % CAPACITY * STRIDE);
            }
            position += source.take(frames, room);
            sealed = position;
        }
    }
}
