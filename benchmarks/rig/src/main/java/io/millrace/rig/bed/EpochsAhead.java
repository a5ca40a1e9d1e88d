package io.millrace.rig.bed;

import io.millrace.relay.epoch.SphinxEpoch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/**
 * Makes the next key epoch of a measured engine on a separate thread, as a relay makes it on the thread of its schedule: a
 * journal is made ready with 3 MB of writes and key stream, which no thread of the packet path does in a relay.
 *
 * <p>Threading: {@link #next} and {@link #taken} belong to one thread; {@link #close} to the owner, once that thread has ended.
 */
final class EpochsAhead implements AutoCloseable {
    private static final long REST_NS = 10_000_000; // or until an epoch is taken

    private final LongFunction<SphinxEpoch> maker;
    private final BooleanSupplier room;
    private final AtomicReference<SphinxEpoch> next = new AtomicReference<>();
    private final LoopThread thread;
    private long number; // of the last epoch made; the separate thread's

    /**
     * Starts the thread, which makes epoch 2 first.
     *
     * @param maker makes the key epoch of a number.
     * @param room whether the engine has room for one more epoch; asked before an epoch is made.
     */
    EpochsAhead(LongFunction<SphinxEpoch> maker, BooleanSupplier room) {
        this.maker = maker;
        this.room = room;
        this.number = 1;
        this.thread = new LoopThread("bench-epochs", REST_NS, this::make);
    }

    /**
     * The epoch after the one that was taken last; null if it is not made yet, or the engine had no room for it. It is the
     * caller's once {@link #taken()} was called.
     *
     * @throws IllegalStateException if it cannot be made.
     */
    SphinxEpoch next() {
        final SphinxEpoch epoch = next.get();
        if (epoch == null && thread.failure().isPresent()) {
            throw new IllegalStateException(
                    "the next key epoch was not made", thread.failure().get());
        }
        return epoch;
    }

    /** The engine has the epoch of {@link #next()}: from now on there may be another, if the engine has room for it too. */
    void taken() {
        next.set(null);
        LockSupport.unpark(thread.thread());
    }

    @Override
    public void close() {
        thread.close();
        final SphinxEpoch unused = next.getAndSet(null);
        if (unused != null) {
            unused.close();
        }
    }

    private int make() {
        if (next.get() != null || !room.getAsBoolean()) {
            return 0;
        }
        next.set(maker.apply(++number));
        return 1;
    }
}
