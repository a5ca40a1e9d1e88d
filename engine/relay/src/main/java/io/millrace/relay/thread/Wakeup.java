package io.millrace.relay.thread;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Wakes one thread that sleeps because its queue is empty. The producer rings after it has filled the queue; only the first
 * ring after the thread fell asleep costs a system call, every other a fence and a read.
 *
 * <p>No ring is missed: the sleeper announces itself before it looks at the queue a last time, and the producer
 * fills the queue before it looks for a sleeper.
 *
 * <p>{@link #ring()} is for any thread and allocates nothing, {@link #sleep} for the one thread.
 */
public final class Wakeup {
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final AtomicLong wakeUps = new AtomicLong();
    private Thread sleeper; // published by asleep

    /** Wakes the thread if it sleeps; after something was put into the queue. */
    public void ring() {
        VarHandle.fullFence();
        if (asleep.getPlain() && asleep.compareAndSet(true, false)) {
            wakeUps.incrementAndGet();
            LockSupport.unpark(sleeper);
        }
    }

    /**
     * Sleeps until a thread rings, {@code mostNs} nanoseconds at most; may return without a reason.
     *
     * @param stillEmpty whether there is nothing to do, asked once more before sleeping.
     */
    void sleep(BooleanSupplier stillEmpty, long mostNs) {
        sleeper = Thread.currentThread();
        asleep.set(true);
        if (stillEmpty.getAsBoolean()) {
            LockSupport.parkNanos(this, mostNs);
        }
        asleep.set(false);
    }

    /** Whether the thread sleeps or is about to. */
    public boolean isAsleep() {
        return asleep.get();
    }

    /** How many rings woke the thread. */
    public long wakeUps() {
        return wakeUps.get();
    }
}
