package io.millrace.relay.live;

import io.millrace.metrics.NanoClock;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Calls the source of key epochs: step by step, one at a time, in the executor of the plan. A part of a step that fails, by
 * whatever it throws, keeps no other part from running. It is counted, told to the source, and tried again after 100 ms, then
 * after twice that time, at most 10 s.
 *
 * <p>Threading: any.
 */
final class SourceCalls {
    /** Most epochs that wait for a source which fails to dispose of them; further ones are closed, and their journals stay. */
    static final int MOST_OVER = 256;

    private static final long SHORTEST_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_RETRY_NS = TimeUnit.SECONDS.toNanos(10);

    private final EpochPlan plan;
    private final EpochSource source;
    private final EpochTurns turns;
    private final NanoClock clock;
    private final Deque<RetiredEpoch> over = new ArrayDeque<>(); // of the thread inside a step
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean stepping; // guarded by lock: a step runs or waits in the executor
    private boolean stopped; // guarded by lock
    private Thread inside; // guarded by lock; null: none
    private boolean abandoned; // guarded by lock: the engine has closed while a step ran
    private long beganNs; // guarded by lock
    private boolean waits; // guarded by lock: until retryAtNs
    private long retryAtNs; // guarded by lock
    private long retryNs = SHORTEST_RETRY_NS; // guarded by lock
    private long failures; // guarded by lock
    private Throwable failure; // guarded by lock; null: none
    private String problem; // guarded by lock; null: the last step succeeded

    /** A part of a step. */
    private interface Part {
        void run() throws IOException;
    }

    SourceCalls(EpochPlan plan, EpochTurns turns, NanoClock clock) {
        this.plan = plan;
        this.source = plan.source();
        this.turns = turns;
        this.clock = clock;
    }

    /** Makes the next epoch in the caller's thread; before the first step. */
    void makeNext() {
        attempt("a key epoch is not made", () -> make(plan.clock().nowMs()), null);
    }

    /** Has a step run, unless one does, or it is too early to try again after a failure. */
    void runStep() {
        lock.lock();
        try {
            final long nowNs = clock.nanoTime();
            if (stopped || stepping || (waits && nowNs - retryAtNs < 0)) {
                return;
            }
            waits = false;
            stepping = true;
            beganNs = nowNs;
        } finally {
            lock.unlock();
        }
        boolean taken = false;
        try {
            plan.executor().execute(this::step);
            taken = true;
        } catch (Throwable t) {
            failed(t); // the executor is the application's
        } finally {
            if (!taken) {
                end();
            }
        }
    }

    /** Counts and tells a failure. */
    void count(Throwable thrown) {
        lock.lock();
        try {
            failures++;
            failure = thrown;
        } finally {
            lock.unlock();
        }
        tell(thrown);
    }

    /** Counts and tells a failure, and waits before the next step. */
    void failed(Throwable thrown) {
        backOff("key epochs", thrown);
        count(thrown);
    }

    /** How often something failed. */
    long failures() {
        lock.lock();
        try {
            return failures;
        } finally {
            lock.unlock();
        }
    }

    /** The last failure. */
    Optional<Throwable> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /** What failed in the last step, as a line for people; empty if nothing did. */
    Optional<String> problem() {
        lock.lock();
        try {
            return Optional.ofNullable(problem);
        } finally {
            lock.unlock();
        }
    }

    /** For how long the present step has run, in nanoseconds; 0 if there is none. */
    long stepNs() {
        lock.lock();
        try {
            return stepping ? clock.nanoTime() - beganNs : 0;
        } finally {
            lock.unlock();
        }
    }

    boolean isCaller(Thread thread) {
        lock.lock();
        try {
            return inside == thread;
        } finally {
            lock.unlock();
        }
    }

    /** Lets no further step begin. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops, waits for the present step as long as the plan says, and wipes the epochs that wait for the source. A step that
     * takes longer wipes them when it ends.
     */
    void close() {
        stop();
        if (awaitEnd()) {
            over.forEach(RetiredEpoch::close);
            over.clear();
        }
        plan.shutdown().run();
    }

    private boolean awaitEnd() {
        long left = plan.patienceNs();
        boolean interrupted = false;
        lock.lock();
        try {
            while (inside != null && left > 0) {
                try {
                    left = ended.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            abandoned = inside != null;
            return !abandoned;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void step() {
        if (!enter()) {
            return;
        }
        try {
            // Read once: no part meets a later epoch than the one that makes the next.
            final long nowMs = plan.clock().nowMs();
            Throwable failed = attempt("a key epoch that is over is not disposed of", this::dispose, null);
            failed = attempt("a key epoch is not made", () -> make(nowMs), failed);
            failed = attempt("a key epoch does not begin early", () -> beginEarly(nowMs), failed);
            failed = attempt("key epochs", () -> source.work(turns.running(), nowMs), failed);
            if (failed == null) {
                succeeded();
            }
        } catch (Throwable t) {
            failed(t); // of the clock
        } finally {
            end();
        }
    }

    private void make(long nowMs) throws IOException {
        final OptionalLong wanted = turns.wanted(nowMs);
        if (wanted.isEmpty()) {
            return;
        }
        final SphinxEpoch made = plan.made(wanted.getAsLong());
        boolean given = false;
        try {
            turns.ready(made, plan.endMs(made.number()));
            given = true;
        } finally {
            if (!given) {
                turns.discard(made);
            }
        }
    }

    private void beginEarly(long nowMs) throws IOException {
        final OptionalLong next = turns.acceptEarly(nowMs);
        if (next.isPresent() && source.beginEarly(next.getAsLong(), nowMs)) {
            turns.runEarly(next.getAsLong(), nowMs);
            make(nowMs);
        }
    }

    private void dispose() throws IOException {
        for (RetiredEpoch each : turns.takeOver()) {
            if (over.size() == MOST_OVER) {
                over.removeFirst().close();
            }
            over.add(each);
        }
        while (!over.isEmpty() && !isStopped()) {
            source.onRetired(over.getFirst());
            over.removeFirst().close();
        }
    }

    /** Runs a part of a step; returns the first failure of the step. */
    private Throwable attempt(String what, Part part, Throwable before) {
        if (isStopped()) {
            return before;
        }
        try {
            part.run();
            return before;
        } catch (Throwable t) { // of the source, whatever it is
            if (before != null) {
                tell(t);
                return before;
            }
            backOff(what, t);
            count(t);
            return t;
        }
    }

    private void backOff(String what, Throwable thrown) {
        lock.lock();
        try {
            problem = what + ": " + (thrown.getMessage() == null ? thrown.toString() : thrown.getMessage());
            retryAtNs = clock.nanoTime() + retryNs;
            waits = true;
            retryNs = Math.min(2 * retryNs, LONGEST_RETRY_NS);
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("EmptyCatch") // its documentation says so
    private void tell(Throwable thrown) {
        try {
            source.onFailure(thrown);
        } catch (Throwable ignored) {
            // counted already
        }
    }

    private void succeeded() {
        lock.lock();
        try {
            problem = null;
            waits = false;
            if (!turns.isRefused()) { // else the next one may be refused, too
                retryNs = SHORTEST_RETRY_NS;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private boolean enter() {
        lock.lock();
        try {
            if (stopped || !stepping || inside != null) { // the executor may be late, or run it twice
                return false;
            }
            inside = Thread.currentThread();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            inside = null;
            stepping = false;
            if (abandoned) {
                over.forEach(RetiredEpoch::close);
                over.clear();
            }
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
