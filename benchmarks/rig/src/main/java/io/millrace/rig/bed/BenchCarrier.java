package io.millrace.rig.bed;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.SphinxEpoch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * All neighbours of the relay under test: the senders offer frames as fast as the engine takes them, the receivers take all
 * and look into one in {@link DownstreamPeer#LOOKS_EACH}.
 *
 * <p>A closed loop: it offers nothing while the ring holds two batches or the engine as many packets as allowed, so that
 * nothing need be dropped. Each pass over the pool begins an epoch with a fresh replay set, because a replayed packet
 * would be, and should be, dropped. The epoch is made ahead, on a separate thread. The key stays the same, which the engine
 * allows in a closed loop only.
 *
 * <p>Threading: the engine's I/O thread, but for {@link #pause()}, {@link #resume()} and {@link #delivered()}, and for what
 * tells how far it is.
 */
final class BenchCarrier implements Carrier {
    /** Live key epochs above which no further one begins: the engine's limit is one more. */
    private static final int MOST_EPOCHS = 3;

    private final FrameSource source;
    private final DownstreamPeer downstream;
    private final LongFunction<SphinxEpoch> epochs;
    private final int poolCount;
    private final int maxQueued;
    private final int maxInside;
    private RelayEngine engine;
    private EpochsAhead ahead; // null until the engine is named
    private long offered;
    private volatile long left; // one writer: the I/O thread
    private volatile long passes = 1; // as left
    private final AtomicLong deliveredCount = new AtomicLong();
    private volatile boolean running;

    /**
     * Joins the neighbours.
     *
     * @param epochs makes the key epoch of a number.
     * @param maxQueued packets in the ring above which nothing is offered.
     * @param maxInside most packets in the engine at once, those on its wheel included.
     */
    BenchCarrier(
            FrameSource source,
            DownstreamPeer downstream,
            LongFunction<SphinxEpoch> epochs,
            int poolCount,
            int maxQueued,
            int maxInside) {
        this.source = source;
        this.downstream = downstream;
        this.epochs = epochs;
        this.poolCount = poolCount;
        this.maxQueued = maxQueued;
        this.maxInside = maxInside;
    }

    /** Names the engine under test; before it starts. */
    void engine(RelayEngine engine) {
        this.engine = engine;
        this.ahead = new EpochsAhead(epochs, () -> engine.epochs().size() <= MOST_EPOCHS);
    }

    /** Offers nothing until {@link #resume()}. */
    void pause() {
        running = false;
    }

    /** Offers packets. */
    void resume() {
        running = true;
    }

    /** Hears that a packet was delivered; any thread. */
    void delivered() {
        deliveredCount.incrementAndGet();
    }

    /** Packets that have left for a neighbour; any thread. */
    long left() {
        return left;
    }

    /** Packets that have left for a neighbour or were delivered; any thread. Allocates nothing. */
    long ended() {
        return left + deliveredCount.get();
    }

    /** Passes over the pool begun so far; any thread. */
    long passes() {
        return passes;
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        final long room = maxInside - (offered - left - deliveredCount.get());
        if (!running || room <= 0 || engine.queueLength() > maxQueued) {
            return 0;
        }
        long pass = passes;
        if (offered == pass * poolCount) {
            final SphinxEpoch next = ahead.next();
            if (next == null) {
                return 0; // packets of the pass before the last still wait
            }
            engine.rollKeyEpoch(next);
            ahead.taken(); // not before: the room for the next one is asked for then
            pass = next.number();
            passes = pass;
        }
        final int count = source.take(frames, (int) Math.min(Math.min(limit, room), pass * poolCount - offered));
        offered += count;
        return count;
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        for (int i = from; i < from + count; i++) {
            downstream.take(peer, frames.memory(), frames.position(i), frames.length(i));
        }
        final long before = left;
        left = before + count;
        return count;
    }

    /** Every frame comes from a pool that this process wrapped, and none leaves it. */
    @Override
    public boolean isClosedLoop() {
        return true;
    }

    @Override
    public long receiveErrors() {
        return 0;
    }

    @Override
    public long sendErrors() {
        return 0;
    }

    @Override
    public void close() {
        if (ahead != null) {
            ahead.close();
        }
        source.close();
        downstream.close();
    }
}
