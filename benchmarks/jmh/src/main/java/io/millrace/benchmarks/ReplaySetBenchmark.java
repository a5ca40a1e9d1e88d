package io.millrace.benchmarks;

import io.millrace.sphinx.ReplaySet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of one replay check in a set that is nearly full: the end of an epoch, when chains are longest.
 *
 * <p>Question: what does an insert cost at 1, 10 and 100 million tags (the last needs {@code -p millionTags=100} and
 * 2.2 GB), and does a batch hide the cache misses? The set starts at 90 percent of its capacity and each measured
 * insert is a new tag; when it is full, further tags are still searched for, at the same cost. {@code tags} is the
 * baseline: the same loop without the set. Expected: a few cache misses one by one, a third of that in batches of 64, 0
 * B/op.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ReplaySetBenchmark {
    private static final int BATCH = 64;

    /** Capacity in millions of tags. */
    @Param({"1", "10"})
    int millionTags;

    private final long[] lows = new long[BATCH];
    private final long[] highs = new long[BATCH];
    private final int[] outcomes = new int[BATCH];
    private ReplaySet set;
    private long counter;

    @Setup
    public void setUp() {
        final long capacity = millionTags * 1_000_000L;
        set = new ReplaySet(capacity, System.nanoTime(), 0x0706050403020100L);
        while (set.size() < capacity / 10 * 9) {
            nextTags();
            set.insertAll(BATCH, lows, highs, outcomes);
        }
    }

    @TearDown
    public void tearDown() {
        set.close();
    }

    /** One tag after the other. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int insert() {
        nextTags();
        int sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += set.insert(lows[i], highs[i]);
        }
        return sum;
    }

    /** Batches of 64. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int[] insertAll() {
        nextTags();
        set.insertAll(BATCH, lows, highs, outcomes);
        return outcomes;
    }

    /** The random tags alone. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long[] tags() {
        nextTags();
        return highs;
    }

    private void nextTags() {
        for (int i = 0; i < BATCH; i++) {
            counter += 0x9E3779B97F4A7C15L;
            final long mixed = (counter ^ (counter >>> 32)) * 0xD6E8FEB86659FD93L;
            lows[i] = mixed ^ (mixed >>> 29);
            highs[i] = counter;
        }
    }
}
