package io.millrace.benchmarks;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
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
 * What does a hop to another thread cost through Agrona's queues, where the engine has a Disruptor ring?
 *
 * <p>{@code ring} is the engine's: many producers, an {@code EventPoller} that works off a batch inside the poll, batches of
 * {@value #BATCH} published at once. {@code one-to-one} and {@code many-to-one} are Agrona's array queues, which carry a
 * reference and publish one element at a time. The taking thread spins. The score of {@code stream} is one event of a thousand,
 * of {@code thereAndBack} one event that is known to be taken. Expected: the ring ahead in a stream, because one publication
 * covers a batch; there and back alike. Agrona's queues need an export of {@code jdk.internal.misc}, which a library cannot ask
 * its user for. 0 B/op under {@code -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class QueueHopBenchmark {
    /** Events in a stream. */
    static final int STREAM = 1_024;

    /** Events published at once, where the queue can. */
    static final int BATCH = 32;

    private static final int SIZE = 4_096;

    /** Whose. */
    @Param({"ring", "one-to-one", "many-to-one"})
    public String queue;

    private final AtomicLong taken = new AtomicLong();
    private final EventPoller.Handler<Event> handler = this::take;
    private final Event[] events = new Event[SIZE];
    private RingBuffer<Event> ring;
    private EventPoller<Event> poller;
    private Queue<Event> agrona;
    private Thread taker;
    private long published;
    private long sum; // of the taking thread
    private volatile boolean ended;

    /** The object that is handed over. */
    static final class Event {
        long value;
    }

    /** Starts the taking thread. */
    @Setup(Level.Trial)
    public void setUp() {
        for (int i = 0; i < SIZE; i++) {
            events[i] = new Event();
        }
        switch (queue) {
            case "ring" -> {
                ring = RingBuffer.createMultiProducer(Event::new, SIZE, new YieldingWaitStrategy());
                poller = ring.newPoller();
                ring.addGatingSequences(poller.getSequence());
            }
            case "one-to-one" -> agrona = new OneToOneConcurrentArrayQueue<>(SIZE);
            case "many-to-one" -> agrona = new ManyToOneConcurrentArrayQueue<>(SIZE);
            default -> throw new IllegalArgumentException(queue);
        }
        taker = Thread.ofPlatform().daemon().start(ring == null ? this::takeFromQueue : this::takeFromRing);
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void tearDown() throws InterruptedException {
        ended = true;
        taker.join();
        if (sum == 0) {
            throw new IllegalStateException("nothing was taken");
        }
    }

    /** One event of a stream. */
    @Benchmark
    @OperationsPerInvocation(STREAM)
    public long stream() {
        for (int i = 0; i < STREAM; i += BATCH) {
            publish(BATCH);
        }
        return awaitTaken();
    }

    /** One event, until it is known to be taken. */
    @Benchmark
    public long thereAndBack() {
        publish(1);
        return awaitTaken();
    }

    private void publish(int count) {
        if (ring == null) {
            for (int i = 0; i < count; i++) {
                final Event event = events[(int) (published++ & (SIZE - 1))];
                event.value = i;
                while (!agrona.offer(event)) {
                    Thread.onSpinWait();
                }
            }
            return;
        }
        final long last = ring.next(count);
        for (long sequence = last - count + 1; sequence <= last; sequence++) {
            ring.get(sequence).value = sequence;
        }
        ring.publish(last - count + 1, last);
        published += count;
    }

    @SuppressWarnings("ThreadPriorityCheck") // on few cores the taking thread needs this one
    private long awaitTaken() {
        for (int looks = 0; taken.get() < published; looks++) {
            if (looks < 1_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        return published;
    }

    private boolean take(Event event, long sequence, boolean endOfBatch) {
        sum += event.value;
        if (endOfBatch) {
            taken.setRelease(sequence + 1);
        }
        return true;
    }

    private void takeFromRing() {
        try {
            while (!ended) {
                if (poller.poll(handler) != EventPoller.PollState.PROCESSING) {
                    Thread.onSpinWait();
                }
            }
        } catch (Exception e) {
            throw new AssertionError("the handler throws nothing", e);
        }
    }

    private void takeFromQueue() {
        long count = 0;
        while (!ended) {
            final Event event = agrona.poll();
            if (event == null) {
                taken.setRelease(count);
                Thread.onSpinWait();
            } else {
                sum += event.value;
                count++;
            }
        }
    }
}
