package io.millrace.relay.queue;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;

/**
 * The inbound ring: the I/O thread and the application publish slots, engine threads poll them. Backpressure: a full ring
 * refuses, and no thread waits for room. Pollers wait as their own {@link io.millrace.relay.thread.EngineIdleStrategy} says,
 * so the ring's wait
 * strategy is never used.
 *
 * <p>Why not Agrona's {@code ManyToOneConcurrentArrayQueue}: it needs an export of JDK internals, and {@code
 * QueueBenchmark.handOver} shows no gain: 24 against 18 ns an event of this ring, which publishes a batch at once.
 */
public final class Ring implements Ingress {
    private final RingBuffer<RelayEvent> buffer;

    public Ring(int size) {
        buffer = RingBuffer.createMultiProducer(RelayEvent::new, size, new YieldingWaitStrategy());
    }

    /** Publishes one slot; false if there is no room. */
    public boolean publish(int slot, int kind) {
        try {
            final long sequence = buffer.tryNext();
            final RelayEvent event = buffer.get(sequence);
            event.slot = slot;
            event.kind = kind;
            buffer.publish(sequence);
            return true;
        } catch (InsufficientCapacityException e) {
            return false;
        }
    }

    /** Publishes slots of any kind, as many of the first {@code count} as there is room for, in order. */
    public int publish(int[] slots, int[] kinds, int count) {
        final int room = Math.min(count, room());
        if (room == 0) {
            return 0;
        }
        try {
            final long last = buffer.tryNext(room);
            final long first = last - room + 1;
            for (long sequence = first; sequence <= last; sequence++) {
                final RelayEvent event = buffer.get(sequence);
                event.slot = slots[(int) (sequence - first)];
                event.kind = kinds[(int) (sequence - first)];
            }
            buffer.publish(first, last);
            return room;
        } catch (InsufficientCapacityException e) {
            // Another publisher took the room in between.
            return 0;
        }
    }

    /** Events that it has room for now, a moment ago where others publish. */
    public int room() {
        return (int) buffer.remainingCapacity();
    }

    /** Publishes link frames, as many of the first {@code count} slots as there is room for, in order. */
    @Override
    public int accept(int[] slots, int count) {
        final int room = Math.min(count, room());
        if (room == 0) {
            return 0;
        }
        try {
            final long last = buffer.tryNext(room);
            final long first = last - room + 1;
            for (long sequence = first; sequence <= last; sequence++) {
                final RelayEvent event = buffer.get(sequence);
                event.slot = slots[(int) (sequence - first)];
                event.kind = RelayEvent.FRAME;
            }
            buffer.publish(first, last);
            return room;
        } catch (InsufficientCapacityException e) {
            // Another publisher took the room in between.
            return 0;
        }
    }

    /** A poller that holds back the publishers, of all events that {@code upstream} have passed. */
    public EventPoller<RelayEvent> newLastPoller(Sequence... upstream) {
        final EventPoller<RelayEvent> poller = buffer.newPoller(upstream);
        buffer.addGatingSequences(poller.getSequence());
        return poller;
    }

    /** A poller of all published events, upstream of the last one. */
    public EventPoller<RelayEvent> newPoller() {
        return buffer.newPoller();
    }

    /** Sequence of the newest event, -1 at first. */
    public long cursor() {
        return buffer.getCursor();
    }

    /** Events that some thread is not done with yet. */
    public long length() {
        return cursor() - buffer.getMinimumGatingSequence();
    }

    /** Events that it has room for. */
    public int size() {
        return buffer.getBufferSize();
    }

    /** Whether every thread is done with everything published so far. */
    public boolean isEmpty() {
        return isPassed(cursor());
    }

    /** Whether every thread is done with {@code sequence}. */
    public boolean isPassed(long sequence) {
        return buffer.getMinimumGatingSequence() >= sequence;
    }
}
