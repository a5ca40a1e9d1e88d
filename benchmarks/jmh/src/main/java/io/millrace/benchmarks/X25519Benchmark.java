package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import io.millrace.natives.SodiumX25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does a batch of X25519 take, by provider and by number of inputs?
 *
 * <p>The score is a whole batch: divide by {@code count} for one. Baseline: one libsodium call, which is one ladder.
 * Expected for {@code sodium}: proportional to {@code count}, the loop and the facade lost in the noise; for a vector
 * provider a staircase of its width. 0 B/op under {@code -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class X25519Benchmark {
    private static final int LENGTH = SodiumX25519.BYTES;

    /** Name of the provider. */
    @Param("sodium")
    public String provider;

    /** Inputs in a batch. */
    @Param({"1", "2", "4", "8", "16", "64"})
    public int count;

    private Arena arena;
    private BatchCrypto crypto;
    private AddressArray out;
    private AddressArray scalar;
    private AddressArray point;
    private StatusArray ok;
    private MemorySegment oneScalar;
    private MemorySegment onePoint;
    private MemorySegment oneOut;

    /** Draws scalars and points; any 32 bytes are both. */
    @Setup
    public void setUp() {
        arena = Arena.ofShared();
        crypto = CryptoProviders.byName(provider);
        final MemorySegment slab = arena.allocate(3L * count * LENGTH, 64);
        final SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < slab.byteSize(); i++) {
            slab.set(JAVA_BYTE, i, (byte) random.nextInt());
        }
        scalar = new AddressArray(arena, count).fill(count, slab, 0, LENGTH);
        point = new AddressArray(arena, count).fill(count, slab, (long) count * LENGTH, LENGTH);
        out = new AddressArray(arena, count).fill(count, slab, 2L * count * LENGTH, LENGTH);
        ok = new StatusArray(arena, count);
        oneScalar = slab.asSlice(0, LENGTH);
        onePoint = slab.asSlice((long) count * LENGTH, LENGTH);
        oneOut = slab.asSlice(2L * count * LENGTH, LENGTH);
    }

    /** Frees the operands. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** One libsodium call, whatever the provider and the count: the unit that ladders are counted in. */
    @Benchmark
    public boolean baselineOneLadder() {
        return SodiumX25519.scalarmult(oneOut, oneScalar, onePoint);
    }

    /** A batch with distinct points: shared secrets and blinding. */
    @Benchmark
    public boolean variableBase() {
        crypto.x25519(count, out, scalar, point, ok);
        return ok.ok(count - 1);
    }

    /** A batch with the base point: what clients do when they wrap. */
    @Benchmark
    public long fixedBase() {
        crypto.x25519Base(count, out, scalar);
        return out.get(0);
    }
}
