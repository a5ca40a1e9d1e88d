package io.millrace.benchmarks;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.SleepingWaitStrategy;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What does it cost to hand an event to another thread, by the other thread's way of waiting?
 *
 * <p>{@code stream}: a thousand events in a row, until the other thread has taken the last; the score is one event.
 * {@code thereAndBack}: one event, and a wait for its being taken: twice the latency of a hop. Baseline: {@code
 * sameThread}, the same work without a ring. Expected on a machine with a core for each thread: tens of nanoseconds an
 * event in a stream, some hundred there and back by busy spinning, microseconds with what sleeps or locks; where the
 * two threads share cores with others, spinning loses first. 0 B/op under {@code -prof gc}. This is why the engine has
 * few hops.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class RingHopBenchmark {
    /** Events in a stream. */
    static final int STREAM = 1_000;

    private static final int RING_SIZE = 4_096;

    /** How the taking thread waits. */
    @Param({"busy-spin", "yielding", "sleeping", "blocking"})
    public String wait;

    private final Sequence taken = new Sequence();
    private RingBuffer<Event> ring;
    private SequenceBarrier barrier;
    private Thread taker;
    private long plain;

    /** One slot of the ring. */
    static final class Event {
        long value;
    }

    /** Starts the taking thread. */
    @Setup(Level.Trial)
    public void setUp() {
        final WaitStrategy strategy = switch (wait) {
            case "busy-spin" -> new BusySpinWaitStrategy();
            case "yielding" -> new YieldingWaitStrategy();
            case "sleeping" -> new SleepingWaitStrategy();
            case "blocking" -> new BlockingWaitStrategy();
            default -> throw new IllegalArgumentException(wait);
        };
        ring = RingBuffer.createSingleProducer(Event::new, RING_SIZE, strategy);
        ring.addGatingSequences(taken);
        barrier = ring.newBarrier();
        taker = Thread.ofPlatform().daemon().start(this::take);
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void tearDown() throws InterruptedException {
        barrier.alert();
        taker.join();
    }

    /** One event of a stream. */
    @Benchmark
    @OperationsPerInvocation(STREAM)
    public long stream() {
        for (int i = 0; i < STREAM; i++) {
            publish(i);
        }
        return awaitTaken();
    }

    /** One event, until it is known to be taken. */
    @Benchmark
    public long thereAndBack() {
        publish(1);
        return awaitTaken();
    }

    /** Baseline: the events' work in this thread. */
    @Benchmark
    @OperationsPerInvocation(STREAM)
    public long sameThread() {
        for (int i = 0; i < STREAM; i++) {
            plain = i;
            taken.setVolatile(taken.get());
        }
        return plain;
    }

    private void publish(long value) {
        final long sequence = ring.next();
        ring.get(sequence).value = value;
        ring.publish(sequence);
    }

    @SuppressWarnings("ThreadPriorityCheck") // on few cores the taking thread needs this one
    private long awaitTaken() {
        final long last = ring.getCursor();
        for (int looks = 0; taken.get() < last; looks++) {
            if (looks < 1_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        return last;
    }

    private void take() {
        long next = taken.get() + 1;
        long sum = 0;
        try {
            while (true) {
                final long available = barrier.waitFor(next);
                for (; next <= available; next++) {
                    sum += ring.get(next).value;
                }
                taken.set(available);
            }
        } catch (AlertException e) {
            plain = sum;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("this thread is never interrupted, and no strategy here times out", e);
        }
    }
}
