package io.millrace.rig.bed;

import io.millrace.carrier.DatagramBatch;
import io.millrace.link.LinkFrame;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;

/**
 * Frames sealed ahead by a separate thread and copied into the engine's slots, as from a network: for engines that do
 * I/O and everything else in one thread, whose time the upstream peer's work must not be counted in.
 */
final class FeedSource implements FrameSource {
    private static final int CAPACITY = 1_024;
    private static final int STRIDE = 2_176;
    private static final long PAUSE_NS = 20_000;

    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment memory = arena.allocate((long) CAPACITY * STRIDE, 64);
    private final FrameSource source;
    private final DatagramBatch frames = new DatagramBatch(memory, CAPACITY);
    private final int[] senders = new int[CAPACITY]; // published by sealed
    private final LoopThread thread;
    private volatile long sealed;
    private volatile long taken;
    private long position;

    /** Starts the thread; takes over {@code source}. */
    FeedSource(FrameSource source) {
        this.source = source;
        this.thread = new LoopThread("bench-upstream", PAUSE_NS, this::seal);
    }

    @Override
    public int take(DatagramBatch target, int limit) {
        final long from = taken;
        final int count = (int) Math.min(limit, sealed - from);
        for (int i = 0; i < count; i++) {
            final long position = (from + i) % CAPACITY * STRIDE;
            MemorySegment.copy(memory, position, target.memory(), target.position(i), LinkFrame.FRAME_LENGTH);
            target.filled(i, LinkFrame.FRAME_LENGTH, senders[(int) ((from + i) % CAPACITY)]);
        }
        taken = from + count;
        return count;
    }

    @Override
    public void close() {
        thread.close();
        source.close();
        arena.close();
    }

    private int seal() {
        final int room = (int) Math.min(CAPACITY - (position - taken), CAPACITY - position % CAPACITY);
        for (int i = 0; i < room; i++) {
            frames.room(i, (position + i) % CAPACITY * STRIDE);
        }
        final int count = room == 0 ? 0 : source.take(frames, room);
        for (int i = 0; i < count; i++) {
            senders[(int) ((position + i) % CAPACITY)] = frames.peer(i);
        }
        position += count;
        sealed = position;
        return count;
    }
}
