package io.millrace.benchmarks;

import io.millrace.wheel.DelayWheel;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
 * What does a timer cost from schedule to expiry while many others are pending, ours against Netty's HashedWheelTimer?
 *
 * <p>A burst of {@link #BURST} entries that are due at once is scheduled and waited for; the score is one entry. Netty
 * hands entries to its worker thread, which runs on another core than the scheduling thread, and ticks every
 * millisecond: up to 20 ns an entry are the wait for that tick. Ours has one thread and no wait. {@code randomNumbers}
 * is the baseline: the same loop without a wheel. Expected: ours some tens of nanoseconds and 0 B/op under {@code -prof
 * gc}; Netty's five times that or more and about 60 B, an object an entry.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class TimerBenchmark {
    /** Entries in a burst. */
    static final int BURST = 50_000;

    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long FAR_NS = TimeUnit.HOURS.toNanos(1);
    private static final int BUCKETS = 4_096;

    /** Whose. */
    @Param({"millrace", "netty"})
    public String timer;

    /** Entries that are pending all the while, due in half an hour or later. */
    @Param({"10000", "1000000"})
    public int pending;

    private final AtomicLong fired = new AtomicLong();
    private final TimerTask task = this::fire;
    private final int[] expired = new int[1_024];
    private final SplittableRandom random = new SplittableRandom(1);
    private DelayWheel wheel;
    private HashedWheelTimer netty;
    private long nowNs;

    /** Schedules the pending entries. */
    @Setup
    public void setUp() {
        if (timer.equals("netty")) {
            netty = new HashedWheelTimer(
                    Thread.ofPlatform().daemon().factory(), TICK_NS, TimeUnit.NANOSECONDS, BUCKETS);
            for (int i = 0; i < pending; i++) {
                netty.newTimeout(task, far(), TimeUnit.NANOSECONDS);
            }
        } else {
            wheel = new DelayWheel(pending + BURST, pending + BURST, TICK_NS, FAR_NS, nowNs);
            for (int id = 0; id < pending; id++) {
                wheel.schedule(BURST + id, far());
            }
        }
    }

    /** Ends Netty's thread. */
    @TearDown
    public void tearDown() {
        if (netty != null) {
            netty.stop();
        }
    }

    /** One entry scheduled and expired. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long cycle() {
        return netty == null ? ours() : nettys();
    }

    /** Baseline: the loop alone. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long randomNumbers() {
        long sum = 0;
        for (int id = 0; id < BURST; id++) {
            sum += soon();
        }
        return sum;
    }

    private long ours() {
        for (int id = 0; id < BURST; id++) {
            wheel.schedule(id, nowNs + soon());
        }
        nowNs += TICK_NS;
        int done = 0;
        while (done < BURST) {
            done += wheel.poll(nowNs, expired, expired.length);
        }
        return done;
    }

    @SuppressWarnings("ThreadPriorityCheck") // on few cores the timer's thread needs this one
    private long nettys() {
        final long target = fired.get() + BURST;
        for (int id = 0; id < BURST; id++) {
            netty.newTimeout(task, soon(), TimeUnit.NANOSECONDS);
        }
        while (fired.get() < target) {
            Thread.yield();
        }
        return target;
    }

    private void fire(Timeout timeout) {
        fired.setOpaque(fired.getPlain() + 1); // one thread fires
    }

    private long soon() {
        return random.nextInt(1_000);
    }

    private long far() {
        return FAR_NS / 2 + random.nextLong(FAR_NS / 2);
    }
}
