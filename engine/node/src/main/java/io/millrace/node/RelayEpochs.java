package io.millrace.node;

import io.millrace.crypto.Randomness;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.EpochSchedule;
import io.millrace.directory.NetworkClock;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.SphinxEpoch;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Key epochs of one relay, by the schedule. {@link #poll} makes the turns that the clock demands and waits for nothing; the
 * thread {@value #THREAD} does the work on the disk and makes each epoch one length before it begins. So a disk that stalls
 * for less than that makes no epoch late.
 *
 * <p>A step of the thread that failed is counted and tried again, after 100 ms at first and at most 10 s, and
 * {@link #problem} tells why. An error that is not of the disk ends the thread, and {@link #failure} has it.
 *
 * <p>An epoch whose replay set is {@value EpochWork#FULL_PERCENT} percent full ends early, at most
 * {@link EpochSchedule#MAX_AHEAD} epochs ahead of the schedule. Numbers never go back and have no gap: an epoch that passed
 * while the relay was down is disclosed too.
 *
 * <p>Threading: one owner, but for the methods that say otherwise. Stopped before the engine is closed, closed after it.
 *
 * <p>Source: {@code src/docs/specs/epochs.md}.
 */
public final class RelayEpochs implements AutoCloseable {
    /** Name of the thread. */
    static final String THREAD = "millrace-epochs";

    private static final int LOOKS_PER_OVERLAP = 50;
    private static final long SHORTEST_LOOK_MS = 5;
    private static final long LONGEST_LOOK_MS = 500;
    private static final long SHORTEST_RETRY_MS = 100;
    private static final long LONGEST_RETRY_MS = 10_000;
    private static final long STALL_MS = 10_000;
    private static final long LONGEST_END_MS = 10_000;
    private static final long IDLE = -1;

    private final EpochSchedule schedule;
    private final NetworkClock clock;
    private final EpochTurns turns;
    private final EpochWork work;
    private final AtomicLong failures = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopped = lock.newCondition();
    private Thread thread; // null: not started
    private boolean stopping; // guarded by lock
    private volatile long stepBeganMs = IDLE; // network time
    private volatile Throwable failure;

    /**
     * Brings back the state that an earlier process left, and draws the keys that are missing.
     *
     * @param schedule of the epochs, the same for the whole life of the identity.
     * @param law of the delays.
     * @param store of the secrets; taken over.
     * @param maker of the epochs; taken over.
     * @param documents of the relay; taken over.
     * @param clock network time.
     * @param randomness of the secrets.
     * @throws io.millrace.text.ConfigException if the store was made for another schedule or its live epochs for another
     *     law.
     * @throws IOException if the store cannot be written.
     */
    RelayEpochs(
            EpochSchedule schedule,
            DelayLaw law,
            EpochKeyStore store,
            EpochMaker maker,
            EpochDocuments documents,
            NetworkClock clock,
            Randomness randomness)
            throws IOException {
        this.schedule = schedule;
        this.clock = clock;
        this.turns = new EpochTurns(schedule, clock);
        this.work = new EpochWork(schedule, law, store, maker, documents, clock, randomness, turns);
    }

    /** The oldest epoch that is accepted, for the engine to begin with; the engine closes it. */
    SphinxEpoch first() throws IOException {
        return work.first();
    }

    /**
     * Gives the engine the other epochs and publishes the descriptor.
     *
     * @param built with {@link #first}; not started.
     */
    void attach(RelayEngine built) throws IOException {
        work.attach(built);
    }

    /** Starts the thread, once, after {@link #attach}. */
    void start() {
        thread = Thread.ofPlatform().daemon().name(THREAD).start(this::run);
    }

    /** Makes the turns that are due. Any number of calls; every few milliseconds to every second, by the length of the epochs. */
    public void poll() {
        clock.observe();
        turns.poll();
    }

    /** Does the work that is due, for a test without the thread; true if every write succeeded. */
    boolean step() {
        final boolean well = work.step();
        if (!well) {
            failures.incrementAndGet();
        }
        return well;
    }

    /** Why epochs do not go on; empty if they do. Any thread. */
    public Optional<String> problem() {
        return work.problem().or(turns::problem).or(this::stall);
    }

    private Optional<String> stall() {
        final long began = stepBeganMs;
        return began == IDLE || clock.nowMs() - began <= STALL_MS
                ? Optional.empty()
                : Optional.of("key epochs: the disk has not finished a step within " + STALL_MS / 1_000 + " s");
    }

    /** How often the relay went on to another epoch. Any thread. */
    public long rolls() {
        return turns.rolls();
    }

    /** Steps of the thread that failed, each tried again. Any thread. */
    public long failures() {
        return failures.get();
    }

    /** The error that ended the thread; empty if none did. Any thread. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** A line for people about an epoch that was accepted too late, once; empty if there is none. */
    public Optional<String> takeLate() {
        return turns.takeLate();
    }

    /** Last epoch that can run now: later ones have not been announced. */
    public long limit() {
        return schedule.numberAt(clock.nowMs()) + EpochSchedule.MAX_AHEAD;
    }

    /**
     * Ends the thread.
     *
     * @return whether it has ended; false if the disk has not finished its step within 10 s.
     */
    boolean stop() {
        if (thread == null) {
            return true;
        }
        lock.lock();
        try {
            stopping = true;
            stopped.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            // Not interrupted: that would close the file under its hands.
            thread.join(LONGEST_END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /**
     * Stops, and wipes all keys in memory. The next process discloses the epochs that are over. A thread that the disk holds
     * keeps its keys until the process ends.
     */
    @Override
    public void close() {
        if (stop()) {
            work.close();
        }
    }

    private void run() {
        long retryMs = SHORTEST_RETRY_MS;
        final long lookMs = Math.clamp(schedule.overlapMs() / LOOKS_PER_OVERLAP, SHORTEST_LOOK_MS, LONGEST_LOOK_MS);
        try {
            boolean on = true;
            while (on) {
                stepBeganMs = clock.nowMs();
                final boolean well = step();
                stepBeganMs = IDLE;
                on = !awaitStop(well ? lookMs : retryMs);
                retryMs = well ? SHORTEST_RETRY_MS : Math.min(2 * retryMs, LONGEST_RETRY_MS);
            }
        } catch (Throwable t) {
            failures.incrementAndGet();
            failure = t;
        } finally {
            stepBeganMs = IDLE;
        }
    }

    private boolean awaitStop(long ms) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(ms);
        lock.lock();
        try {
            while (!stopping && left > 0) {
                left = stopped.awaitNanos(left);
            }
            return stopping;
        } finally {
            lock.unlock();
        }
    }
}
