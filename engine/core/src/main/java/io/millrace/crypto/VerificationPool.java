package io.millrace.crypto;

import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that verify signatures for a thread with other work. Batches come back in the order in which they
 * were handed in, whichever was done first. Bounded: a full pool refuses and never blocks.
 *
 * <p>Submitting and taking belong to one thread. The owner closes it.
 */
public final class VerificationPool implements AutoCloseable {
    private final ExecutorService workers;
    private final int capacity;
    private final ArrayDeque<Future<SignatureBatch>> inFlight = new ArrayDeque<>();

    /**
     * Starts the threads.
     *
     * @param threads 1 or more; daemons.
     * @param capacity most batches that are in the pool at once, 1 or more.
     */
    public VerificationPool(int threads, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be positive: capacity=" + capacity);
        }
        this.capacity = capacity;
        this.workers = Executors.newFixedThreadPool(
                threads,
                Thread.ofPlatform().daemon().name("millrace-verify-", 0).factory());
    }

    /**
     * Hands in a batch, which belongs to the pool until it is taken; false if the pool is full.
     *
     * @param batch filled; belongs to the pool until it is taken.
     */
    public boolean submit(SignatureBatch batch) {
        if (inFlight.size() == capacity) {
            return false;
        }
        inFlight.add(workers.submit(batch::verify, batch));
        return true;
    }

    /** Batches in the pool. */
    public int size() {
        return inFlight.size();
    }

    /** Whether the oldest batch is done, so that {@link #take} does not wait. */
    public boolean isReady() {
        return !inFlight.isEmpty() && inFlight.element().isDone();
    }

    /**
     * Takes the oldest batch out, waiting until it is verified.
     *
     * @throws java.util.NoSuchElementException if the pool is empty.
     */
    public SignatureBatch take() {
        final Future<SignatureBatch> oldest = inFlight.remove();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return oldest.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a verification failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for the threads to finish their batches. */
    @Override
    public void close() {
        workers.close();
    }
}
