package io.millrace.rig.bed;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** A thread that repeats one round until it is closed, and rests a little after a round without work. */
public final class LoopThread implements AutoCloseable {
    private final IntSupplier round;
    private final long restNs;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile Throwable failure;

    /**
     * Starts the thread.
     *
     * @param name of the thread.
     * @param restNs how long it rests, in nanoseconds.
     * @param round does what there is to do and returns how much that was; an exception ends the thread.
     */
    public LoopThread(String name, long restNs, IntSupplier round) {
        this.round = round;
        this.restNs = restNs;
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    /** The thread, for measuring it. */
    public Thread thread() {
        return thread;
    }

    /** What ended the thread before it was closed. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Waits for the end of the running round, whatever interrupts it. */
    @Override
    public void close() {
        running = false;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (running) {
                if (round.getAsInt() == 0) {
                    LockSupport.parkNanos(restNs);
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }
}
