package io.millrace.relay;

import io.millrace.carrier.Carrier;
import io.millrace.config.WaitMode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * What one engine thread does between two rounds without work.
 *
 * <p>{@link WaitMode#BACKOFF} has three steps: it spins and yields, then parks for up to half a tick, and after two milliseconds
 * of that it sleeps: until the agent's next deadline, until {@link #wake()}, and at most for {@code sleepNs}. The thread of a
 * {@link Carrier} that can wait sleeps in it, and what arrives wakes it at once. A thread that must look for its work sleeps for
 * a quarter of the time that it has been quiet at most, so that work waits for a quarter of the gap before it at most.
 *
 * <p>After work that moved no packets a thread that slept sleeps on: spinning is for packets.
 *
 * <p>Threading: belongs to one thread, but for {@link #wake()}, which any thread may call. Allocates nothing.
 */
final class Idler {
    /** Parks in a row, in nanoseconds, after which a thread sleeps. */
    static final long QUIET_NS = 2_000_000;

    /** What part of the quiet time a thread sleeps that must look for its work. */
    static final int QUIET_PER_SLEEP = 4;

    private static final int SPINS = 200;
    private static final int YIELDS = 20;
    private static final long MIN_PARK_NS = 1_000;
    private static final long MIN_AWAIT_NS = 1_000_000;
    private static final long OVERSLEPT_NS = 1_000_000;

    private final WaitMode mode;
    private final long maxParkNs;
    private final long sleepNs;
    private final boolean rung;
    private final LongConsumer park;
    private final Carrier carrier; // null: sleeps by parking
    private final AtomicBoolean asleep = new AtomicBoolean();
    private Thread thread; // published by asleep
    private int idleRounds;
    private long parkNs = MIN_PARK_NS;
    private long parkedNs;
    private boolean wokenForNothing;

    /**
     * Creates an idler.
     *
     * @param maxParkNs longest park in nanoseconds while work may come at any moment, for {@link WaitMode#BACKOFF}.
     * @param sleepNs longest park in nanoseconds when none has come for {@link #QUIET_NS}.
     * @param rung whether {@link #wake()} is called after all work that comes; if not, the thread must look for it.
     */
    Idler(WaitMode mode, long maxParkNs, long sleepNs, boolean rung) {
        this(mode, maxParkNs, sleepNs, rung, null, LockSupport::parkNanos);
    }

    /** As above, of the thread that looks after {@code carrier}, which can wait. */
    Idler(WaitMode mode, long maxParkNs, long sleepNs, Carrier carrier) {
        this(mode, maxParkNs, sleepNs, true, carrier, LockSupport::parkNanos);
    }

    /** As above, with another way to park for so many nanoseconds. */
    Idler(WaitMode mode, long maxParkNs, long sleepNs, boolean rung, Carrier carrier, LongConsumer park) {
        this.mode = mode;
        this.maxParkNs = Math.max(MIN_PARK_NS, maxParkNs);
        this.sleepNs = Math.max(this.maxParkNs, sleepNs);
        this.rung = rung;
        this.carrier = carrier;
        this.park = park;
    }

    /**
     * The round did work: the next one follows at once.
     *
     * @param packets whether it moved packets, of which more may follow.
     */
    void worked(boolean packets) {
        wokenForNothing = false;
        if (packets && idleRounds != 0) {
            idleRounds = 0;
            parkNs = MIN_PARK_NS;
            parkedNs = 0;
            if (asleep.getPlain()) {
                asleep.set(false);
            }
        }
    }

    /** Waits a little after a round of {@code agent} without work, longer the more such rounds there were. */
    @SuppressWarnings("ThreadPriorityCheck") // yielding is what the mode is about
    void idle(Agent agent) {
        switch (mode) {
            case BUSY_SPIN -> Thread.onSpinWait();
            case YIELDING -> Thread.yield();
            case BACKOFF -> backOff(agent);
        }
    }

    /** Ends the thread's sleep, if it sleeps or is about to; after it was given work. */
    void wake() {
        if (asleep.getPlain() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
            wakeCarrier();
        }
    }

    /** Whether the thread sleeps or is about to. */
    boolean isAsleep() {
        return asleep.get();
    }

    /** Ends the thread's wait for its carrier, or the next one, whether it sleeps or not; to end the thread. */
    void wakeCarrier() {
        if (carrier != null) {
            carrier.wakeUp();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private void backOff(Agent agent) {
        if (idleRounds < SPINS) {
            idleRounds++;
            Thread.onSpinWait();
        } else if (idleRounds < SPINS + YIELDS) {
            idleRounds++;
            Thread.yield();
        } else if (parkedNs < QUIET_NS) {
            park.accept(parkNs);
            parkedNs += parkNs;
            parkNs = Math.min(parkNs * 2, maxParkNs);
        } else {
            sleep(agent);
        }
    }

    private void sleep(Agent agent) {
        if (asleep.get()) {
            final long mostNs = rung ? sleepNs : Math.clamp(parkedNs / QUIET_PER_SLEEP, maxParkNs, sleepNs);
            final long ns = Math.clamp(agent.waitNs(), MIN_PARK_NS, mostNs);
            final long start = System.nanoTime();
            parkedNs += sleep(ns); // no overflow in 292 years
            if (System.nanoTime() - start < ns + OVERSLEPT_NS) {
                agent.slept();
            }
        } else {
            thread = Thread.currentThread();
            asleep.set(true); // and one more round, for work that was handed over before
        }
    }

    /** Sleeps for up to {@code ns}; how long it did. */
    private long sleep(long ns) {
        if (carrier == null || ns < MIN_AWAIT_NS) {
            park.accept(ns);
            return ns;
        }
        if (wokenForNothing) { // a socket that says it is ready and has nothing must not make the thread spin
            wokenForNothing = false;
            park.accept(MIN_AWAIT_NS);
            return MIN_AWAIT_NS;
        }
        final long start = System.nanoTime();
        carrier.await(ns);
        final long sleptNs = Math.max(0, System.nanoTime() - start);
        wokenForNothing = sleptNs < MIN_AWAIT_NS; // unless there is work now
        return sleptNs;
    }
}
