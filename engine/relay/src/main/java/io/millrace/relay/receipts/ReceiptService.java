package io.millrace.relay.receipts;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.millrace.metrics.NanoClock;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.Operation;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.ReceiptOpening;
import io.millrace.receipt.ReceiptStore;
import io.millrace.relay.packet.LatencyRecorder;
import io.millrace.relay.thread.GuardedIdleStrategy;
import io.millrace.relay.thread.Wakeup;
import io.millrace.relay.thread.WakeupIdleStrategy;
import io.millrace.thread.ThreadEnd;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;

/**
 * Makes receipts off the packet path: any thread offers, one thread encodes, hashes, signs and appends.
 *
 * <p>A batch is all receipts that wait when the thread looks, up to the limit: it never waits for more, and no timer is
 * between an offer and its receipt. A thread that finds nothing sleeps until an offer wakes it; only if there was one batch
 * after another it looks again for some microseconds first. Offering never waits and allocates nothing; a full queue loses
 * the receipt and counts it. A full log likewise.
 *
 * <p>Threading: {@link #offer} and the counters are for any thread, {@link #close()} for the owner.
 */
public final class ReceiptService implements AutoCloseable {
    private static final long DURABLE_LOOK_NS = 10_000_000; // whether a checkpoint became durable
    private static final long DUE_LOOK_NS = 100_000_000; // whether a checkpoint is due

    /** Agrona interrupts a thread that has not ended by then, which would close files that it writes: never. */
    private static final int NEVER_INTERRUPT_MS = Integer.MAX_VALUE;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final RingBuffer<ReceiptEvent> ring;
    private final EventPoller<ReceiptEvent> poller;
    private final NanoClock clock = NanoClock.SYSTEM;
    private final AtomicLong queueFull = new AtomicLong();
    private final LatencyRecorder latency = new LatencyRecorder(1);
    private final ReceiptWriter writer;
    private final ReceiptLog log;
    private final AgentRunner runner;
    private final Wakeup wakeup = new Wakeup();
    private Thread thread; // before anything else sees the service
    private final ReceiptSink packets = new Packets();
    private volatile boolean halted;
    private volatile Throwable failure;

    private ReceiptService(
            ReceiptStore store,
            ReceiptLog log,
            LogKey key,
            ReceiptId twin,
            ReceiptOptions options,
            Consumer<SignedNote> checkpoints,
            BiConsumer<Receipt, ReceiptOpening> openings,
            UnaryOperator<IdleStrategy> idling) {
        this.log = log;
        this.ring = RingBuffer.createMultiProducer(ReceiptEvent::new, options.queueSize(), new YieldingWaitStrategy());
        this.poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        this.writer =
                new ReceiptWriter(store, log, key, twin, options.batchLimit(), clock, latency, checkpoints, openings);
        final IdleStrategy idle = new WakeupIdleStrategy(wakeup, this::isIdle, this::longestSleepNs);
        this.runner = new AgentRunner(
                new GuardedIdleStrategy(idling.apply(idle), this::cannotSleep), this::failed, null, new Work());
    }

    /**
     * Opens the log and starts the thread.
     *
     * @param store stays its owner's, who closes it after this service.
     * @param key stays its owner's, who closes it after this service.
     * @param twin subject of the receipts: the relay.
     * @param options mode, queue and batch sizes.
     * @param checkpoints takes, on the receipts thread and about once a second, a signed checkpoint whose receipts are
     *     durable.
     * @throws RefusedException if the log was changed, belongs to another key, or does not contain the published checkpoint.
     */
    public static ReceiptService start(
            ReceiptStore store, LogKey key, ReceiptId twin, ReceiptOptions options, Consumer<SignedNote> checkpoints)
            throws IOException, RefusedException {
        return start(store, key, twin, options, checkpoints, null);
    }

    /**
     * Opens the log and starts the thread, and hands out the openings of receipts for packets.
     *
     * @param store stays its owner's, who closes it after this service.
     * @param key stays its owner's, who closes it after this service.
     * @param twin subject of the receipts: the relay.
     * @param options of the log.
     * @param checkpoints as for the other method.
     * @param openings called on the receipts thread for each receipt for packets before it is in the log; who keeps an
     *     opening can show a packet's receipt to the holder of its delay tag. May be null: openings are forgotten.
     * @throws RefusedException if the log was changed, belongs to another key, or does not contain the published checkpoint.
     */
    public static ReceiptService start(
            ReceiptStore store,
            LogKey key,
            ReceiptId twin,
            ReceiptOptions options,
            Consumer<SignedNote> checkpoints,
            BiConsumer<Receipt, ReceiptOpening> openings)
            throws IOException, RefusedException {
        return start(store, key, twin, options, checkpoints, openings, UnaryOperator.identity());
    }

    /** As above, with another idle strategy around the thread's, for tests. */
    static ReceiptService start(
            ReceiptStore store,
            LogKey key,
            ReceiptId twin,
            ReceiptOptions options,
            Consumer<SignedNote> checkpoints,
            BiConsumer<Receipt, ReceiptOpening> openings,
            UnaryOperator<IdleStrategy> idling)
            throws IOException, RefusedException {
        final ReceiptLog log = ReceiptLog.open(store, key, options.mode(), options.published());
        final ReceiptService service =
                new ReceiptService(store, log, key, twin, options, checkpoints, openings, idling);
        service.thread = AgentRunner.startOnThread(
                service.runner, Thread.ofPlatform().daemon().factory());
        return service;
    }

    /**
     * Offers a receipt.
     *
     * @param operation code of an {@link Operation}, or an application's.
     * @param actorHigh and {@code actorLow}: the actor's {@link ReceiptId}.
     * @param actorLow last 8 bytes of the actor's id.
     * @param nanoTime when it happened, by {@link NanoClock#SYSTEM}.
     * @param digest holds the request digest, 32 bytes at {@code digestPosition}; read before this returns.
     * @param digestPosition of the 32 bytes in {@code digest}.
     * @param result 0 to 65535.
     * @return false if too many wait: it is lost, and counted.
     */
    public boolean offer(
            int operation,
            long actorHigh,
            long actorLow,
            long nanoTime,
            MemorySegment digest,
            long digestPosition,
            int result) {
        final long sequence;
        try {
            sequence = ring.tryNext();
        } catch (InsufficientCapacityException e) {
            queueFull.incrementAndGet();
            return false;
        }
        final ReceiptEvent event = ring.get(sequence);
        event.run = null;
        event.operation = operation;
        event.result = result;
        event.actorHigh = actorHigh;
        event.actorLow = actorLow;
        event.offeredNs = nanoTime;
        event.digest0 = digest.get(LONG, digestPosition);
        event.digest1 = digest.get(LONG, digestPosition + 8);
        event.digest2 = digest.get(LONG, digestPosition + 16);
        event.digest3 = digest.get(LONG, digestPosition + 24);
        ring.publish(sequence);
        wakeup.ring();
        return true;
    }

    private boolean offer(PacketRun run, long nanoTime, long periodNs) {
        final long sequence;
        try {
            sequence = ring.tryNext();
        } catch (InsufficientCapacityException e) {
            queueFull.incrementAndGet();
            return false;
        }
        final ReceiptEvent event = ring.get(sequence);
        event.run = run;
        event.periodNs = periodNs;
        event.operation = run.operation;
        event.result = run.count;
        event.actorHigh = run.actor.high();
        event.actorLow = run.actor.low();
        event.offeredNs = nanoTime;
        ring.publish(sequence);
        wakeup.ring();
        return true;
    }

    /** The counters at this instant. */
    public ReceiptCounters counters() {
        final long full = queueFull.get();
        return writer.counters(ring.getCursor() + 1 + full, full);
    }

    /** How many receipts wait to be taken up. */
    public long queueLength() {
        return ring.getCursor() - ring.getMinimumGatingSequence();
    }

    /** Time from when a receipt's matter happened until it was signed and in the log, in nanoseconds; a copy. */
    public Histogram latency() {
        final Histogram sum = LatencyRecorder.newHistogram();
        latency.addTo(sum, 0);
        return sum;
    }

    /** Forgets the latencies so far. */
    public void resetLatency() {
        latency.reset();
    }

    /** Failure of the thread; from then on receipts are lost and counted as log full. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** The thread that makes the receipts. */
    public Thread thread() {
        return thread;
    }

    /** Takes packets of engine threads. */
    ReceiptSink packets() {
        return packets;
    }

    /** What wakes the thread. */
    Wakeup wakeup() {
        return wakeup;
    }

    /** Appends the receipts that wait, publishes a last checkpoint, and ends the thread. Closing twice has no effect. */
    @Override
    public void close() {
        if (halted) {
            return;
        }
        halted = true;
        LockSupport.unpark(thread);
        runner.close(NEVER_INTERRUPT_MS, late -> {});
        ThreadEnd.await(thread);
        writer.close();
        log.close();
    }

    private long longestSleepNs() {
        return writer.awaitsDurability() ? DURABLE_LOOK_NS : DUE_LOOK_NS;
    }

    /** Takes no more receipts, but goes on losing and counting them, with a pause between two rounds. */
    private void cannotSleep(Throwable t) {
        failed(t);
        LockSupport.parkNanos(DUE_LOOK_NS);
    }

    private void failed(Throwable t) {
        failure = t;
        writer.fail();
    }

    private boolean isIdle() {
        return (queueLength() == 0 || failure != null) && !halted;
    }

    /** Takes what waits; whether there was anything. */
    private boolean step(boolean last) {
        try {
            final boolean busy = poller.poll(writer) == EventPoller.PollState.PROCESSING;
            writer.publishIfDue(last);
            return busy;
        } catch (Throwable t) {
            failed(t);
            return false;
        }
    }

    /** The thread's work, one batch a round. */
    private final class Work implements Agent {
        @Override
        public int doWork() {
            return step(false) ? 1 : 0;
        }

        @Override
        public void onClose() {
            if (!halted) {
                failed(new IllegalStateException("the thread was interrupted: thread=" + roleName()));
            }
            while (step(false)) {
                Thread.onSpinWait();
            }
            step(true);
        }

        @Override
        public String roleName() {
            return "millrace-receipts";
        }
    }

    private final class Packets implements ReceiptSink {
        @Override
        public boolean offer(PacketRun run, long nanoTime, long periodNs) {
            return ReceiptService.this.offer(run, nanoTime, periodNs);
        }

        @Override
        public void lost() {
            queueFull.incrementAndGet();
        }
    }
}
