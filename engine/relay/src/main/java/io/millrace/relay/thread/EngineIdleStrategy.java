package io.millrace.relay.thread;

import io.millrace.carrier.Carrier;
import io.millrace.config.IdleMode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.agrona.concurrent.IdleStrategy;

/**
 * The idle strategy of {@link IdleMode#BACKOFF}: sleeps until the duty's next deadline or until another thread wakes it.
 *
 * <p>It has three steps: it spins and yields, then parks for up to half a tick, and after two milliseconds of that it sleeps:
 * until the duty's next deadline, until {@link #wake()}, and at most for {@code sleepNs}. The thread of a {@link Carrier} that
 * can wait sleeps in it, and what arrives wakes it at once. A thread that must look for its work sleeps for a quarter of the
 * time that it has been quiet at most, so that work waits for a quarter of the gap before it at most.
 *
 * <p>After work that moved no packets a thread that slept sleeps on: spinning is for packets.
 *
 * <p>Why not Agrona's {@code BackoffIdleStrategy}: it knows neither a deadline nor a wake-up, so its longest park bounds the
 * lateness of every packet, and a park of half a tick costs an idle engine a core in ten. {@code perf-scripts/idle} prints the
 * processor time of an idle relay with this class.
 *
 * <p>Threading: belongs to one thread, but for {@link #wake()} and {@link #end()}, which any thread may call. Allocates nothing.
 */
public final class EngineIdleStrategy implements IdleStrategy {
    /** Parks in a row, in nanoseconds, after which a thread sleeps. */
    static final long QUIET_NS = 2_000_000;

    /** What part of the quiet time a thread sleeps that must look for its work. */
    static final int QUIET_PER_SLEEP = 4;

    private static final int SPINS = 200;
    private static final int YIELDS = 20;
    private static final long MIN_PARK_NS = 1_000;
    private static final long MIN_AWAIT_NS = 1_000_000;
    private static final long OVERSLEPT_NS = 1_000_000;

    private final Duty duty;
    private final long maxParkNs;
    private final long sleepNs;
    private final boolean rung;
    private final LongConsumer park;
    private final Carrier carrier; // null: sleeps by parking
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile boolean ended;
    private Thread thread; // published by asleep
    private int idleRounds;
    private long parkNs = MIN_PARK_NS;
    private long parkedNs;
    private boolean wokenForNothing;

    /**
     * Creates the strategy of the thread that runs a duty.
     *
     * @param duty says how long it can sleep.
     * @param maxParkNs longest park in nanoseconds while work may come at any moment.
     * @param sleepNs longest park in nanoseconds when none has come for {@link #QUIET_NS}.
     * @param rung whether {@link #wake()} is called after all work that comes; if not, the thread must look for it.
     */
    public EngineIdleStrategy(Duty duty, long maxParkNs, long sleepNs, boolean rung) {
        this(duty, maxParkNs, sleepNs, rung, null, LockSupport::parkNanos);
    }

    /** As above, of the thread that looks after {@code carrier}, which can wait. */
    public EngineIdleStrategy(Duty duty, long maxParkNs, long sleepNs, Carrier carrier) {
        this(duty, maxParkNs, sleepNs, true, carrier, LockSupport::parkNanos);
    }

    /** As above, with another way to park for so many nanoseconds. */
    public EngineIdleStrategy(
            Duty duty, long maxParkNs, long sleepNs, boolean rung, Carrier carrier, LongConsumer park) {
        this.duty = duty;
        this.maxParkNs = Math.max(MIN_PARK_NS, maxParkNs);
        this.sleepNs = Math.max(this.maxParkNs, sleepNs);
        this.rung = rung;
        this.carrier = carrier;
        this.park = park;
    }

    /** After a round: the next one follows at once if it did work, and after a while if not. */
    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            worked();
        } else {
            idle();
        }
    }

    /** Waits a little after a round without work, longer the more such rounds there were. */
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // yielding is one of the steps
    public void idle() {
        if (ended) {
            Thread.onSpinWait();
        } else if (idleRounds < SPINS) {
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
            sleep();
        }
    }

    /** Begins again with the first step, as after packets. */
    @Override
    public void reset() {
        if (idleRounds != 0) {
            idleRounds = 0;
            parkNs = MIN_PARK_NS;
            parkedNs = 0;
            if (asleep.getPlain()) {
                asleep.set(false);
            }
        }
    }

    /** Lets the thread sleep no more, so that it sees that it is to end; any thread, which wakes the thread afterwards. */
    public void end() {
        ended = true;
        if (carrier != null) {
            carrier.wakeUp();
        }
    }

    /** Ends the thread's sleep, if it sleeps or is about to; after it was given work. The thread itself is awake. */
    void wake() {
        if (asleep.getPlain() && thread != Thread.currentThread() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
            if (carrier != null) {
                carrier.wakeUp();
            }
        }
    }

    /** Whether the thread sleeps or is about to. */
    boolean isAsleep() {
        return asleep.get();
    }

    private void worked() {
        wokenForNothing = false;
        if (duty.movedPackets()) {
            reset();
        }
    }

    private void sleep() {
        if (asleep.get()) {
            final long mostNs = rung ? sleepNs : Math.clamp(parkedNs / QUIET_PER_SLEEP, maxParkNs, sleepNs);
            final long ns = Math.clamp(duty.waitNs(), MIN_PARK_NS, mostNs);
            final long start = System.nanoTime();
            parkedNs += sleep(ns); // no overflow in 292 years
            if (System.nanoTime() - start < ns + OVERSLEPT_NS) {
                duty.slept();
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
