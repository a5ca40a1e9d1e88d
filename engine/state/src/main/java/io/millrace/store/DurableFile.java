package io.millrace.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * A file of a store and how much of it is on the disk. A writer learns the position after its last write; it is
 * durable once {@link #durablePosition()} has come that far.
 *
 * <p>A kind of file that the store does not know extends this and is opened by {@link Store#file}.
 *
 * <p>Threading: every method here may be called from any thread.
 */
public abstract class DurableFile {
    private final Path file;
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Comparator.comparingLong(Waiter::position));
    private volatile long durablePosition;
    private volatile IOException failure;

    /**
     * A file that was just opened.
     *
     * @param file its place.
     * @param position that is durable already.
     */
    protected DurableFile(Path file, long position) {
        this.file = file;
        this.durablePosition = position;
    }

    /** The position of the last thing done. Positions rise; they count from another origin when the file is opened again. */
    public abstract long position();

    /** Everything up to here survives a loss of power. */
    public final long durablePosition() {
        return durablePosition;
    }

    /**
     * Completes, on a thread of the common pool, when {@code position} is durable; exceptionally if the file fails or is
     * closed before.
     *
     * @param position result of a change.
     */
    public final CompletableFuture<Void> whenDurable(long position) {
        final CompletableFuture<Void> future = new CompletableFuture<>();
        synchronized (waiters) {
            if (failure != null) {
                future.completeExceptionally(failure);
            } else if (position <= durablePosition) {
                future.complete(null);
            } else {
                waiters.add(new Waiter(position, future));
            }
        }
        return future;
    }

    /**
     * Forces the file now, on the caller's thread.
     *
     * @throws IOException if that fails, now or at any time before: then nothing more becomes durable.
     */
    public final synchronized void commit() throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            prepare();
            final long target = position();
            if (target != durablePosition) {
                force();
                advance(target);
            }
        } catch (IOException e) {
            // After a failed force the file rejects writes: a later one cannot recover pages that the kernel has
            // dropped.
            fail(new StoreException("cannot bring the file to the disk: file=" + file + ": " + e.getMessage(), e));
            throw failure;
        }
    }

    /** Why nothing becomes durable any more, and nothing more is taken. */
    public final Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** The file. */
    public final Path file() {
        return file;
    }

    /** Whether the file takes nothing more. */
    protected final boolean hasFailed() {
        return failure != null;
    }

    /** Brings all earlier writes to the disk. */
    protected abstract void force() throws IOException;

    /** Makes room ahead of the next writes; before every commit, on the committing thread. */
    protected void prepare() throws IOException {}

    /**
     * Leaves in the file what the next opening may believe; after the last commit, of a file that has not failed.
     *
     * @throws IOException if it cannot be brought to the disk.
     */
    protected void leaveMark() throws IOException {}

    /** Frees the mappings; after the last commit. */
    protected abstract void release() throws IOException;

    final void closed() {
        fail(new StoreException("the store is closed: file=" + file));
    }

    private void advance(long target) {
        final List<Waiter> ready = new ArrayList<>();
        synchronized (waiters) {
            if (target > durablePosition) {
                durablePosition = target;
            }
            while (!waiters.isEmpty() && waiters.peek().position() <= durablePosition) {
                ready.add(waiters.poll());
            }
        }
        ready.forEach(waiter -> waiter.future().completeAsync(() -> null));
    }

    /** From now on nothing is taken and nothing becomes durable; the first reason stays. */
    final void fail(IOException reason) {
        final List<Waiter> lost;
        synchronized (waiters) {
            if (failure == null) {
                failure = reason;
            }
            lost = new ArrayList<>(waiters);
            waiters.clear();
        }
        lost.forEach(waiter -> waiter.future().completeExceptionally(failure));
    }

    private record Waiter(long position, CompletableFuture<Void> future) {}
}
