package io.millrace.cli.peers;

import io.millrace.directory.DescriptorStore;
import io.millrace.directory.DocumentException;
import io.millrace.directory.RelayDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the descriptors of some parties fresh: reads each again twice within its overlap, so that a key that begins early
 * is known while the key before is still accepted. A party whose descriptor cannot be read, or is refused, keeps the last
 * one that was accepted.
 *
 * <p>Threading: one daemon thread fetches; all methods may be called by any thread.
 */
public final class DescriptorWatch implements AutoCloseable {
    private static final long SHORTEST_NS = 100_000_000L;
    private static final long LONGEST_NS = 60_000_000_000L;
    private static final long RETRY_NS = 250_000_000L;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long NS_PER_MS = 1_000_000;

    private final List<Party> parties;
    private final DescriptorFetch fetch;
    private final DescriptorListener listener;
    private final Watched[] watched;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private volatile boolean closed;

    private DescriptorWatch(List<Party> parties, DescriptorFetch fetch, DescriptorListener listener) {
        this.parties = List.copyOf(parties);
        this.fetch = fetch;
        this.listener = listener;
        this.watched = parties.stream().map(Watched::new).toArray(Watched[]::new);
        this.thread = Thread.ofPlatform().daemon().name("millrace-descriptors").unstarted(this::run);
    }

    /**
     * Starts to fetch.
     *
     * @param parties may be none; their indexes are used throughout.
     * @param fetch called by the watch's thread alone.
     * @param listener called by the watch's thread alone.
     */
    public static DescriptorWatch start(List<Party> parties, DescriptorFetch fetch, DescriptorListener listener) {
        final DescriptorWatch watch = new DescriptorWatch(parties, fetch, listener);
        if (!parties.isEmpty()) {
            watch.thread.start();
        }
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

    /** The party of an index. */
    public Party party(int index) {
        return parties.get(index);
    }

    /** Why the descriptor of a party was refused or not read at the last attempt; empty if it was accepted. */
    public Optional<String> trouble(int index) {
        return Optional.ofNullable(watched[index].trouble);
    }

    /** Ends the thread; returns when it has ended, or after a fetch that cannot be interrupted for a second. */
    @Override
    public void close() {
        closed = true;
        if (parties.isEmpty()) {
            return; // there is nothing to read, and no thread
        }
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                final long now = System.nanoTime();
                long next = now + LONGEST_NS;
                for (int i = 0; i < watched.length; i++) {
                    if (watched[i].dueNs - now <= 0) {
                        read(i);
                    }
                    next = Math.min(next - now, watched[i].dueNs - now) + now;
                }
                final long wait = next - System.nanoTime();
                if (wait > 0) {
                    TimeUnit.NANOSECONDS.sleep(wait);
                }
            }
        } catch (InterruptedException e) {
            assert closed : e;
        }
    }

    private void read(int index) throws InterruptedException {
        final Watched each = watched[index];
        final Party party = parties.get(index);
        try {
            final RelayDescriptor read = each.store.offer(fetch.fetch(party.location()));
            each.dueNs = System.nanoTime()
                    + Math.clamp(read.schedule().overlapMs() * NS_PER_MS / 2, SHORTEST_NS, LONGEST_NS);
            each.trouble = null;
            if (!read.equals(each.newest)) {
                accept(index, read);
            }
            if (each.complained) {
                each.complained = false;
                listener.onMessage("the descriptor of " + party.name() + " can be read again");
            }
        } catch (IOException | DocumentException | RuntimeException e) { // no failure of one fetch ends the watch
            final long now = System.nanoTime();
            each.dueNs = now + RETRY_NS;
            each.trouble = String.valueOf(e.getMessage());
            final boolean patient =
                    !(e instanceof DocumentException) && each.newest == null && now - each.beganNs < PATIENCE_NS;
            if (!each.complained && !patient) {
                each.complained = true;
                listener.onMessage("the descriptor of " + party.name()
                        + (e instanceof DocumentException ? " is refused" : " cannot be read") + ", "
                        + (each.newest == null ? "it has no keys" : "its last known keys stay") + ": "
                        + each.trouble);
            }
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
        listener.onDescriptor(index, read);
    }

    /** State of one party; written by the watch's thread. */
    private static final class Watched {
        private final DescriptorStore store;
        private final long beganNs = System.nanoTime();
        private volatile RelayDescriptor newest;
        private volatile String trouble;
        private long dueNs = beganNs;
        private boolean complained;

        Watched(Party party) {
            this.store = DescriptorStore.inMemory(party.identity());
        }
    }
}
