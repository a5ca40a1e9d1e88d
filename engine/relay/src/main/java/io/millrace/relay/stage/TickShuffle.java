package io.millrace.relay.stage;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.crypto.ChaCha20;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.Wiping;
import io.millrace.wheel.TickOrder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Uniform numbers from a ChaCha20 stream for the order of packets that leave in one tick: an observer of earlier orders
 * learns nothing about later ones.
 *
 * <p>A refill gives 1,024 numbers and the key of the next refill, which replaces the old key. Allocates nothing after
 * construction. Not thread safe: belongs to the thread of the wheel.
 */
public final class TickShuffle implements TickOrder, AutoCloseable {
    private static final int COUNT = 1024;
    private static final long NUMBERS_OFFSET = ChaCha20.KEY_LENGTH;

    private final MemorySegment key;
    private final MemorySegment nonce;
    private final MemorySegment stream;
    private int used = COUNT;

    /**
     * Draws the first key.
     *
     * @param arena lives as long as this.
     */
    public TickShuffle(Arena arena, Randomness randomness) {
        key = arena.allocate(ChaCha20.KEY_LENGTH, 64);
        nonce = arena.allocate(ChaCha20.NONCE_LENGTH, 64);
        stream = arena.allocate(NUMBERS_OFFSET + COUNT * JAVA_INT.byteSize(), 64);
        randomness.fill(key);
    }

    /** Source: Lemire, "Fast random integer generation in an interval", 2019. */
    @Override
    public int below(int bound) {
        long product = Integer.toUnsignedLong(next()) * bound;
        if (Integer.compareUnsigned((int) product, bound) < 0) {
            final int threshold = Integer.remainderUnsigned(-bound, bound);
            while (Integer.compareUnsigned((int) product, threshold) < 0) {
                product = Integer.toUnsignedLong(next()) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    private int next() {
        if (used == COUNT) {
            ChaCha20.stream(stream, nonce, key);
            MemorySegment.copy(stream, JAVA_BYTE, 0, key, JAVA_BYTE, 0, ChaCha20.KEY_LENGTH);
            used = 0;
        }
        return stream.getAtIndex(JAVA_INT, NUMBERS_OFFSET / JAVA_INT.byteSize() + used++);
    }

    /** Wipes the key and the numbers. */
    @Override
    public void close() {
        Wiping.wipe(key);
        Wiping.wipe(stream);
    }
}
