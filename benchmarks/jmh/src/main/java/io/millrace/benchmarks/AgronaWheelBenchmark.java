package io.millrace.benchmarks;

import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
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
 * What does Agrona's {@code DeadlineTimerWheel} cost where {@link WheelBenchmark} measures ours?
 *
 * <p>The same load: {@code pending} entries with uniform delays of up to 8 seconds, each scheduled again when it has expired; the
 * score is one entry. One revolution spans the longest delay, with ticks of 131 microseconds, the power of two nearest to
 * ours. Agrona names timers itself; an engine would need a map from that name to the packet, which is not counted here.
 * Netty's {@code HashedWheelTimer} has a thread, so {@link TimerBenchmark} compares it. Expected: no allocation once it has
 * grown, and twice our time or more, because each of its buckets is a row of deadlines that every poll searches.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class AgronaWheelBenchmark {
    private static final int BATCH = 1_000;
    private static final long TICK_NS = 1 << 17;
    private static final int TICKS = 1 << 16;
    private static final long LONGEST_NS = 8_000_000_000L;

    /** Entries pending. */
    @Param({"10000", "1000000"})
    int pending;

    private final DeadlineTimerWheel.TimerHandler handler = this::expired;
    private DeadlineTimerWheel wheel;
    private long nowNs;
    private long stepNs;
    private long randomState;
    private int done;

    /** Schedules the pending entries. */
    @Setup
    public void setUp() {
        nowNs = System.nanoTime();
        wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, nowNs, TICK_NS, TICKS);
        stepNs = Math.max(1, LONGEST_NS / 2 * BATCH / pending);
        randomState = 1;
        for (int i = 0; i < pending; i++) {
            wheel.scheduleTimer(nowNs + delay());
        }
    }

    /** One entry expired and scheduled again. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int cycle() {
        done = 0;
        while (done < BATCH) {
            nowNs += stepNs / 8;
            // One call of poll() is one tick at most.
            while (wheel.currentTickTime() <= nowNs && done < BATCH) {
                wheel.poll(nowNs, handler, BATCH - done);
            }
        }
        return done;
    }

    private boolean expired(TimeUnit unit, long now, long timer) {
        done++;
        wheel.scheduleTimer(nowNs + delay());
        return true;
    }

    private long delay() {
        randomState += 0x9E3779B97F4A7C15L;
        final long mixed = (randomState ^ (randomState >>> 32)) * 0xD6E8FEB86659FD93L;
        return Math.unsignedMultiplyHigh(mixed ^ (mixed >>> 29), LONGEST_NS);
    }
}
