package io.millrace.benchmarks;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
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
 * What does the engine's ring cost against Agrona's queues, without a second thread that the machine may or may not schedule?
 *
 * <p>One thread publishes a batch of {@value #BATCH} events and takes it; the score is one event. {@code ring} is the engine's: a
 * Disruptor ring for many producers, published in batches and polled by an {@code EventPoller}. {@code one-to-one} and {@code
 * many-to-one} are Agrona's. Expected: the ring ahead of the queue for many producers, whose every offer is a compare-and-set.
 * {@link QueueHopBenchmark} has the second thread. 0 B/op under {@code -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class QueueBenchmark {
    /** Events of a batch. */
    static final int BATCH = 32;

    private static final int SIZE = 4_096;

    /** Whose. */
    @Param({"ring", "one-to-one", "many-to-one"})
    public String queue;

    private final EventPoller.Handler<Event> handler = this::take;
    private final Event[] events = new Event[SIZE];
    private RingBuffer<Event> ring;
    private EventPoller<Event> poller;
    private Queue<Event> agrona;
    private int published;
    private long sum;

    /** The object that is handed over. */
    static final class Event {
        long value;
    }

    /** Makes the queue. */
    @Setup
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
    }

    /** One event published and taken. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long handOver() throws Exception {
        if (ring == null) {
            for (int i = 0; i < BATCH; i++) {
                final Event event = events[published++ & (SIZE - 1)];
                event.value = i;
                agrona.offer(event);
            }
            for (Event event = agrona.poll(); event != null; event = agrona.poll()) {
                sum += event.value;
            }
        } else {
            final long last = ring.tryNext(BATCH);
            for (long sequence = last - BATCH + 1; sequence <= last; sequence++) {
                ring.get(sequence).value = sequence;
            }
            ring.publish(last - BATCH + 1, last);
            poller.poll(handler);
        }
        return sum;
    }

    private boolean take(Event event, long sequence, boolean endOfBatch) {
        sum += event.value;
        return true;
    }
}
