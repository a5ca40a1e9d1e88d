package io.millrace.contract;

import io.millrace.natives.SodiumMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory and the owners of one probe. Every segment ends at a guard page and begins at a canary, so that a byte too far
 * ends the process.
 */
final class World implements AutoCloseable {
    final Arena arena;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    private Exception broken;

    World(Arena arena) {
        this.arena = arena;
    }

    /** {@code length} bytes in guarded memory: a 9, which is the base point of X25519 and a scalar, then zeros. */
    MemorySegment memory(long length) {
        return guarded(arena, length);
    }

    static MemorySegment guarded(Arena arena, long length) {
        final MemorySegment whole = SodiumMemory.allocate(arena, Math.max(length, 1));
        whole.fill((byte) 0);
        if (length > 0) {
            whole.set(ValueLayout.JAVA_BYTE, 0, (byte) 9);
        }
        return whole.asSlice(whole.byteSize() - length);
    }

    <T extends AutoCloseable> T own(T object) {
        owned.push(object);
        return object;
    }

    /** Exception of the last object that could not be closed; null if there was none. */
    Exception broken() {
        return broken;
    }

    /** Closes the memory under the objects that use it. */
    void closeMemory() {
        arena.close();
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                broken = e; // The probe has broken the object; the last such exception helps to debug.
            }
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
