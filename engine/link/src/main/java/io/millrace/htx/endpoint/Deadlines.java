package io.millrace.htx.endpoint;

import io.millrace.metrics.NanoClock;
import io.millrace.thread.ThreadEnd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The clock of an endpoint: one daemon thread that calls whatever is due, and sleeps until the next is. It never blocks on a
 * socket and runs no code of a caller. One that throws is reported and taken out; the others go on.
 *
 * <p>The thread keeps the timers in the order of their times and asks only those that are due or have moved to an earlier
 * time: a time that moves away, as with each frame, costs other threads nothing.
 */
final class Deadlines implements AutoCloseable {
    /** Longest sleep. */
    private static final long FAR_NS = TimeUnit.HOURS.toNanos(1);

    /** Shortest time between two calls of one that is due again at once. */
    private static final long LEAST_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Time to the next look after one that failed. */
    private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Something that wants to be called at a time. */
    interface Timed {
        /** When, on the endpoint's clock; read by the clock's thread at any time. */
        long dueNs();

        /** That time has come. Does not block. */
        void onDue(long nowNs);
    }

    /** A timer in the queue. */
    private static final class Entry {
        private final long number;

        /** Null once it is removed. */
        private volatile Timed timed;

        /** The time of the entry in the queue, or one far away while the thread asks for it. */
        private volatile long nextNs;

        private volatile boolean changed;

        /** As {@link #nextNs}; the thread's, and unchanged while the entry is in the queue. */
        private long atNs;

        private boolean queued;

        Entry(Timed timed, long number, long nextNs) {
            this.timed = timed;
            this.number = number;
            this.nextNs = nextNs;
        }
    }

    private final NanoClock clock;
    private final Failures failures;
    private final Map<Timed, Entry> all = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Entry> changed = new ConcurrentLinkedQueue<>();
    private final AtomicLong numbers = new AtomicLong();

    /** The thread's; by the time since the beginning, so that the clock may wrap. */
    private final TreeSet<Entry> queue;

    private final List<Entry> due = new ArrayList<>();
    private final Thread thread;
    private boolean lost;
    private volatile long wakeNs;
    private volatile boolean closing;

    Deadlines(NanoClock clock, Failures failures) {
        this.clock = clock;
        this.failures = failures;
        final long beganNs = clock.nanoTime();
        this.queue = new TreeSet<>(Comparator.<Entry>comparingLong(entry -> entry.atNs - beganNs)
                .thenComparingLong(entry -> entry.number));
        this.wakeNs = beganNs + FAR_NS;
        this.thread = Thread.ofPlatform().name("htx-clock").daemon().start(this::run);
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    /** Calls {@code timed} from now on when it is due. */
    void add(Timed timed) {
        final long dueNs = timed.dueNs(); // the clock's thread may call it as soon as it is in the map
        final Entry entry = new Entry(timed, numbers.incrementAndGet(), clock.nanoTime() + 2 * FAR_NS);
        drop(all.put(timed, entry));
        change(entry, dueNs);
    }

    void remove(Timed timed) {
        drop(all.remove(timed));
    }

    private void drop(Entry entry) {
        if (entry != null) {
            entry.timed = null;
            change(entry, wakeNs); // leaves the queue when the thread wakes next
        }
    }

    /** Says that {@code timed} is due at {@code dueNs} now, earlier than it said before. */
    void moved(Timed timed, long dueNs) {
        final Entry entry = all.get(timed);
        if (entry != null && dueNs - entry.nextNs < 0) {
            change(entry, dueNs);
        }
    }

    /** Looks at the clock now; for one that does not run by itself. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void change(Entry entry, long dueNs) {
        if (!entry.changed) {
            entry.changed = true;
            changed.add(entry);
        }
        if (dueNs - wakeNs < 0) {
            wake();
        }
    }

    private void run() {
        while (!closing) {
            final long nowNs = clock.nanoTime();
            // Until the next time is known, one that moves wakes this thread.
            wakeNs = nowNs + FAR_NS;
            final long next = contained(nowNs);
            wakeNs = next;
            if (!closing) {
                LockSupport.parkNanos(Math.max(LEAST_NS, next - clock.nanoTime()));
            }
        }
    }

    /** No memory, for instance: looks again soon, for nothing else watches the endpoint's deadlines. */
    private long contained(long nowNs) {
        try {
            return callDue(nowNs);
        } catch (Throwable e) {
            lost = true;
            failures.report(e);
            return nowNs + AGAIN_NS;
        }
    }

    private long callDue(long nowNs) {
        if (lost) {
            queue.clear();
            all.values().forEach(entry -> {
                entry.queued = false;
                place(entry, nowNs);
            });
            lost = false;
        }
        for (Entry entry = changed.poll(); entry != null; entry = changed.poll()) {
            entry.changed = false;
            place(entry, nowNs);
        }
        due.clear();
        for (Entry entry : queue) {
            if (nowNs - entry.atNs < 0) {
                break;
            }
            due.add(entry);
        }
        for (Entry entry : due) {
            call(entry, nowNs);
            place(entry, nowNs);
        }
        return queue.isEmpty() ? nowNs + FAR_NS : queue.first().atNs;
    }

    private void call(Entry entry, long nowNs) {
        final Timed timed = entry.timed;
        try {
            if (timed != null && nowNs - timed.dueNs() >= 0) {
                timed.onDue(nowNs);
            }
        } catch (Throwable e) { // whatever it is, the others go on
            takeOut(entry, timed, e);
        }
    }

    /** Puts an entry where it belongs now; one that was removed, nowhere. */
    private void place(Entry entry, long nowNs) {
        if (entry.queued) {
            queue.remove(entry);
            entry.queued = false;
        }
        final Timed timed = entry.timed;
        if (timed == null) {
            return;
        }
        // Before it is asked: one that moves meanwhile is asked again.
        entry.nextNs = nowNs + 2 * FAR_NS;
        try {
            entry.atNs = nowNs + Math.clamp(timed.dueNs() - nowNs, -FAR_NS, FAR_NS);
        } catch (Throwable e) { // whatever it is, the others go on
            takeOut(entry, timed, e);
            return;
        }
        queue.add(entry);
        entry.queued = true;
        entry.nextNs = entry.atNs;
    }

    private void takeOut(Entry entry, Timed timed, Throwable e) {
        all.remove(timed, entry);
        entry.timed = null;
        failures.report(e);
    }

    @Override
    public void close() {
        closing = true;
        wake();
        ThreadEnd.await(thread);
    }
}
