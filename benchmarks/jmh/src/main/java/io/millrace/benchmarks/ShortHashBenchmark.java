package io.millrace.benchmarks;

import io.millrace.crypto.ShortSha256;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does SHA-256 over the leaf of a receipt cost, a prefix and 110 bytes, in calls of 256 leaves, by the fastest way
 * that this machine has? Baseline: libsodium. Expected: some times faster with the SHA instructions, else the same.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ShortHashBenchmark {
    private static final int LEAVES = 256;
    private static final int STRIDE = 116;
    private static final int LENGTH = 110;

    private final Arena arena = Arena.ofShared();
    private final ShortSha256 fastest = ShortSha256.fastest(arena);
    private final ShortSha256 sodium = ShortSha256.sodium(arena);
    private final MemorySegment leaves = arena.allocate(LEAVES * STRIDE, 64);
    private final MemorySegment hashes = arena.allocate(LEAVES * 32, 64);

    @Benchmark
    @OperationsPerInvocation(LEAVES)
    public void fastest() {
        fastest.hash(LEAVES, 0, hashes, 0, leaves, 0, STRIDE, LENGTH);
    }

    @Benchmark
    @OperationsPerInvocation(LEAVES)
    public void sodium() {
        sodium.hash(LEAVES, 0, hashes, 0, leaves, 0, STRIDE, LENGTH);
    }
}
