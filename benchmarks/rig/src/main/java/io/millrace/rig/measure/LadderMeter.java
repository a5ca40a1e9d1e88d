package io.millrace.rig.measure;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.HdrHistogram.Histogram;

/**
 * Measures one ladder: the time of one libsodium {@code crypto_scalarmult}, the unit in which costs are compared between
 * machines. Samples are taken before the run, while nothing else moves, and all along it; the lower of the two medians
 * counts, which is the one that flatters the engine less.
 *
 * <p>For one thread, the one that made it. The memory of its inputs lives as long as the arena it is given.
 */
public final class LadderMeter {
    private static final int KEY_LENGTH = 32;
    private static final int WARMUP = 4;

    private final BatchCrypto sodium = CryptoProviders.byName("sodium");
    private final AddressArray out;
    private final AddressArray scalar;
    private final AddressArray point;
    private final StatusArray ok;
    private final Histogram samples = new Histogram(3);
    private long quietNs = Long.MAX_VALUE;

    /**
     * Takes no sample yet.
     *
     * @param arena holds inputs and outputs of the multiplication, about 200 bytes; outlives this object.
     * @throws RuntimeException if libsodium cannot be loaded.
     */
    public LadderMeter(Arena arena) {
        final MemorySegment memory = arena.allocate(3L * KEY_LENGTH, 64);
        memory.fill((byte) 0x42);
        out = new AddressArray(arena, 1).fill(1, memory, 0, 0);
        scalar = new AddressArray(arena, 1).fill(1, memory, KEY_LENGTH, 0);
        point = new AddressArray(arena, 1).fill(1, memory, 2 * KEY_LENGTH, 0);
        ok = new StatusArray(arena, 1);
    }

    /**
     * Takes {@code count} samples, after a few that do not count: this thread slept, and its core forgot the code.
     *
     * @param count 0 or more; each takes some tens of microseconds of this thread.
     */
    public void sample(int count) {
        for (int i = 0; i < WARMUP; i++) {
            sodium.x25519(1, out, scalar, point, ok);
        }
        for (int i = 0; i < count; i++) {
            final long start = System.nanoTime();
            sodium.x25519(1, out, scalar, point, ok);
            samples.recordValue(System.nanoTime() - start);
        }
    }

    /** Puts the samples so far aside as those of the quiet machine. */
    public void endQuiet() {
        quietNs = samples.getValueAtPercentile(50);
        samples.reset();
    }

    /** Forgets the samples since {@link #endQuiet()}. */
    public void reset() {
        samples.reset();
    }

    /** The lower of the two medians in nanoseconds. */
    public long medianNs() {
        return Math.min(quietNs, samples.getValueAtPercentile(50));
    }

    /** Number of samples since the last {@link #endQuiet()} or {@link #reset()}. */
    public long count() {
        return samples.getTotalCount();
    }
}
