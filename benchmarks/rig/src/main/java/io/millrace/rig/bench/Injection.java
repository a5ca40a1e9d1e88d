package io.millrace.rig.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes packets late on purpose and for a known reason, so that a test can see whether {@code explain} finds it.
 *
 * <p>Threading: {@link #strike()} by one thread, {@link #onWheelThread()} by the engine's.
 */
public final class Injection {
    /** Nothing happens. */
    public static final Injection NONE = new Injection(false, 0);

    /** Objects that a collection has to mark and to move: more than a hundred megabytes. */
    private static final int BALLAST = 5_000_000;

    private final long stallNs;
    private final Object[] ballast;
    private volatile boolean underWay;
    private volatile long stalls; // one writer: the engine's thread

    /**
     * Chooses the disturbance.
     *
     * @param collect whether it is a full garbage collection of a heap with much to mark.
     * @param stallMs for how long the thread that looks at the delay wheel waits, in milliseconds; 0 if it does not.
     */
    public Injection(boolean collect, int stallMs) {
        this.stallNs = TimeUnit.MILLISECONDS.toNanos(stallMs);
        ballast = new Object[collect ? BALLAST : 0];
        for (int i = 0; i < ballast.length; i++) {
            ballast[i] = new long[1];
        }
    }

    /** Does it once; not to be called while {@link #isUnderWay()}. */
    void strike() {
        if (ballast.length > 0) {
            System.gc();
        }
        underWay = stallNs > 0;
    }

    /** Whether a stall has not begun yet, or lasts: a second one now would let no packet leave between the two. */
    boolean isUnderWay() {
        return underWay;
    }

    /** Whether something remains to happen before packets are late for the known reason. */
    boolean isAwaited() {
        return stallNs > 0 && stalls == 0;
    }

    /** Waits, if it is time to. */
    void onWheelThread() {
        if (underWay) {
            final long start = System.nanoTime();
            while (System.nanoTime() - start < stallNs) {
                LockSupport.parkNanos(stallNs - (System.nanoTime() - start));
            }
            final long before = stalls;
            stalls = before + 1;
            underWay = false;
        }
    }
}
