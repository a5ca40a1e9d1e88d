package io.millrace.benchmarks;

import io.millrace.wheel.DelayWheel;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of holding a packet on the delay wheel while many others are held.
 *
 * <p>Question: what do schedule and expiry cost together with a million entries pending, in the steady state of a
 * relay: time moves on by the same step for each packet, and every entry that fires is scheduled again with a new
 * random delay. {@code delays} is the baseline: the same loop without a wheel. Bar: Agrona's DeadlineTimerWheel takes
 * 68 to 98 ns to schedule and 5 ns to expire. Expected: below half of that, most of it cache misses, and 0 B/op.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class WheelBenchmark {
    private static final int BATCH = 1_000;
    private static final long TICK_NS = 100_000;
    private static final long LONGEST_NS = 8_000_000_000L;

    /** Entries pending. */
    @Param({"10000", "1000000"})
    int pending;

    private final int[] expired = new int[BATCH];
    private DelayWheel wheel;
    private long nowNs;
    private long stepNs;
    private long randomState;

    @Setup
    public void setUp() {
        nowNs = System.nanoTime();
        wheel = new DelayWheel(pending, pending, TICK_NS, LONGEST_NS, nowNs);
        // With uniform delays the mean is half the longest, so this step fires as many entries as are scheduled.
        stepNs = Math.max(1, LONGEST_NS / 2 * BATCH / pending);
        randomState = 1;
        for (int id = 0; id < pending; id++) {
            wheel.schedule(id, nowNs + delay());
        }
    }

    /** One entry expired and scheduled again. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int cycle() {
        int done = 0;
        while (done < BATCH) {
            nowNs += stepNs / 8;
            final int count = wheel.poll(nowNs, expired, BATCH - done);
            for (int i = 0; i < count; i++) {
                wheel.schedule(expired[i], nowNs + delay());
            }
            done += count;
        }
        return done;
    }

    /** The random delays alone. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long delays() {
        long sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += nowNs + delay();
        }
        return sum;
    }

    private long delay() {
        randomState += 0x9E3779B97F4A7C15L;
        final long mixed = (randomState ^ (randomState >>> 32)) * 0xD6E8FEB86659FD93L;
        return Math.unsignedMultiplyHigh(mixed ^ (mixed >>> 29), LONGEST_NS);
    }
}
