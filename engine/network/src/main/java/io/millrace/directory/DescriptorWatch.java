package io.millrace.directory;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Keeps the descriptors of some parties fresh: reads each again twice within its overlap, so that a key that begins early
 * is known while the key before is still accepted. A party whose descriptor cannot be read, or is refused, keeps the last
 * one that was accepted. Each party is read by itself: one that does not answer delays no other.
 *
 * <p>Threading: one virtual thread for each party fetches, and calls the listener under a lock, one call at a time; all
 * methods may be called by any thread.
 */
public final class DescriptorWatch implements AutoCloseable {
    private static final long SHORTEST_NS = 100_000_000L;
    private static final long LONGEST_NS = 60_000_000_000L;
    private static final long RETRY_NS = 250_000_000L;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long CLOSE_NS = 1_000_000_000;
    private static final long NS_PER_MS = 1_000_000;

    private final List<Party> parties;
    private final DescriptorFetch fetch;
    private final DescriptorListener listener;
    private final Watched[] watched;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ReentrantLock telling = new ReentrantLock();
    private final List<Thread> threads;
    private volatile boolean closed;

    private DescriptorWatch(List<Party> parties, DescriptorFetch fetch, DescriptorListener listener) {
        this.parties = List.copyOf(parties);
        this.fetch = fetch;
        this.listener = listener;
        this.watched = parties.stream().map(Watched::new).toArray(Watched[]::new);
        this.threads = IntStream.range(0, watched.length)
                .mapToObj(index ->
                        Thread.ofVirtual().name("millrace-descriptor-" + index).unstarted(() -> follow(index)))
                .toList();
    }

    /**
     * Starts to fetch.
     *
     * @param parties may be none; their indexes are used throughout.
     * @param fetch called by the watch's threads, of several parties at once.
     * @param listener called by the watch's threads, by one at a time.
     */
    public static DescriptorWatch start(List<Party> parties, DescriptorFetch fetch, DescriptorListener listener) {
        final DescriptorWatch watch = new DescriptorWatch(parties, fetch, listener);
        watch.threads.forEach(Thread::start);
        return watch;
    }

    /**
     * The newest descriptor that was accepted; empty before the first.
     *
     * @param index of the party.
     */
    public Optional<RelayDescriptor> newest(int index) {
        return Optional.ofNullable(watched[index].newest);
    }

    /**
     * Waits until each of some parties has a descriptor.
     *
     * @param indexes of these parties.
     * @param wait longest, zero or more.
     * @return index of the first party without one when the time is over; empty if there is none.
     */
    public Optional<Integer> await(List<Integer> indexes, Duration wait) throws InterruptedException {
        long left = wait.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                final Optional<Integer> missing = indexes.stream()
                        .filter(index -> watched[index].newest == null)
                        .findFirst();
                if (missing.isEmpty() || left <= 0) {
                    return missing;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The party of an index.
     *
     * @param index 0 to the number of parties - 1.
     */
    public Party party(int index) {
        return parties.get(index);
    }

    /**
     * Why the descriptor of a party was refused or not read at the last attempt; empty if it was accepted.
     *
     * @param index 0 to the number of parties - 1.
     */
    public Optional<String> trouble(int index) {
        return Optional.ofNullable(watched[index].trouble);
    }

    /** Ends the threads; returns when they have ended, or after a second if a fetch cannot be interrupted. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        final long end = System.nanoTime() + CLOSE_NS;
        try {
            for (Thread each : threads) {
                each.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(int index) {
        try {
            while (!closed) {
                TimeUnit.NANOSECONDS.sleep(read(index));
            }
        } catch (InterruptedException e) {
            assert closed : e;
        }
    }

    /** Reads the descriptor of a party; how long it is good for, in nanoseconds. */
    private long read(int index) throws InterruptedException {
        final Watched each = watched[index];
        final Party party = parties.get(index);
        try {
            final RelayDescriptor read = each.store.offer(fetch.fetch(party.location()));
            each.trouble = null;
            if (!read.equals(each.newest)) {
                accept(index, read);
            }
            if (each.complained) {
                each.complained = false;
                tell("the descriptor of " + party.name() + " can be read again");
            }
            return Math.clamp(read.schedule().overlapMs() * NS_PER_MS / 2, SHORTEST_NS, LONGEST_NS);
        } catch (IOException | DocumentException | RuntimeException e) { // no failure of one fetch ends the watch
            each.trouble =
                    e.getMessage() + (e instanceof FileNotFoundException && each.newest == null ? fixed(party) : "");
            final boolean patient = !(e instanceof DocumentException)
                    && each.newest == null
                    && System.nanoTime() - each.beganNs < PATIENCE_NS;
            if (!each.complained && !patient) {
                each.complained = true;
                tell("the descriptor of " + party.name()
                        + (e instanceof DocumentException ? " is refused" : " cannot be read") + ", "
                        + (each.newest == null ? "it has no keys" : "its last known keys stay") + ": "
                        + each.trouble);
            }
            return RETRY_NS;
        }
    }

    /** The usual mistake where there never was a descriptor: the relay keeps its key, and so publishes none. */
    private static String fixed(Party party) {
        return " (if " + party.name()
                + " is a relay that keeps its key, it has none: name it by public-key and link-key"
                + " instead of identity and descriptor)";
    }

    private void tell(String message) {
        telling.lock();
        try {
            listener.onMessage(message);
        } finally {
            telling.unlock();
        }
    }

    private void accept(int index, RelayDescriptor read) {
        lock.lock();
        try {
            watched[index].newest = read;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        telling.lock();
        try {
            listener.onDescriptor(index, read);
        } finally {
            telling.unlock();
        }
    }

    /** State of one party; written by its thread. */
    private static final class Watched {
        private final DescriptorStore store;
        private final long beganNs = System.nanoTime();
        private volatile RelayDescriptor newest;
        private volatile String trouble;
        private boolean complained;

        Watched(Party party) {
            this.store = DescriptorStore.inMemory(party.identity());
        }
    }
}
