package io.millrace.benchmarks;

import io.millrace.memory.Slab;
import io.millrace.memory.SlotOwner;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does memory for a packet cost: a slot of the slab taken and given back?
 *
 * <p>{@code one} is alone, {@code batch} takes and gives back {@link #BATCH} in one step each, {@code contended} is two
 * threads at one slab. Baseline: {@code heapArray}, an array of a packet's length, zeroed by the JVM and left to the
 * collector. Expected: one slot two compare-and-set, 15 to 30 ns; a batch a few nanoseconds a slot, most of it the walk
 * along the free list; contended several times that; the array a hundred nanoseconds and more, and 2,320 B/op where all
 * others have 0 under {@code -prof gc}. Without {@code -ea}: with it every slot is filled and checked.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class SlabBenchmark {
    /** Slots in a batch. */
    static final int BATCH = 32;

    private static final int SLOTS = 16_384;
    private static final int BODY_LENGTH = 2_048;

    private final int[] slots = new int[BATCH];
    private Slab slab;

    /** A slab that two threads share. */
    @State(Scope.Group)
    public static class SharedSlab {
        private final Slab slab = new Slab(SLOTS, BODY_LENGTH);

        /** Frees it. */
        @TearDown
        public void tearDown() {
            slab.close();
        }
    }

    /** Allocates the slab. */
    @Setup
    public void setUp() {
        slab = new Slab(SLOTS, BODY_LENGTH);
    }

    /** Frees it. */
    @TearDown
    public void tearDown() {
        slab.close();
    }

    /** One slot taken and given back. */
    @Benchmark
    public int one() {
        final int slot = slab.acquire(SlotOwner.CARRIER);
        slab.release(slot, SlotOwner.CARRIER);
        return slot;
    }

    /** The same in batches; the score is a slot. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int batch() {
        final int count = slab.acquire(slots, 0, BATCH, SlotOwner.CARRIER);
        slab.release(slots, 0, count, SlotOwner.CARRIER);
        return count;
    }

    /** One slot taken and given back by each of two threads. */
    @Benchmark
    @Group("contended")
    @GroupThreads(2)
    public int contended(SharedSlab shared) {
        final int slot = shared.slab.acquire(SlotOwner.CARRIER);
        shared.slab.release(slot, SlotOwner.CARRIER);
        return slot;
    }

    /** Baseline: an array on the heap. */
    @Benchmark
    public byte[] heapArray() {
        return new byte[Slab.BODY_OFFSET + BODY_LENGTH + Slab.TAILROOM_LENGTH];
    }
}
