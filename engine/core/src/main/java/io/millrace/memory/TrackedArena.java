package io.millrace.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An arena whose bytes are counted while it is open, so that a test can show that nothing was leaked.
 *
 * <p>Threading: as the arena it wraps.
 */
public final class TrackedArena implements Arena {
    private static final AtomicLong LIVE_BYTES = new AtomicLong();

    private final Arena arena;
    private final AtomicLong allocatedBytes = new AtomicLong();

    private TrackedArena(Arena arena) {
        this.arena = arena;
    }

    /** Opens an arena that any thread may use and close. */
    public static TrackedArena shared() {
        return new TrackedArena(Arena.ofShared());
    }

    /** Bytes in all open tracked arenas of this process. */
    public static long liveBytes() {
        return LIVE_BYTES.get();
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        final MemorySegment segment = arena.allocate(byteSize, byteAlignment);
        allocatedBytes.addAndGet(byteSize);
        LIVE_BYTES.addAndGet(byteSize);
        return segment;
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
        LIVE_BYTES.addAndGet(-allocatedBytes.getAndSet(0));
    }
}
