package io.millrace.relay.thread;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * The idle strategy of a thread whose every piece of work rings a {@link Wakeup}: it sleeps at once, because a thread that
 * looks for work takes a core from the packets. Only after a streak of rounds with work it looks again for some microseconds
 * first, which saves the ringing threads a system call each.
 *
 * <p>Belongs to the one thread. Allocates nothing.
 */
public final class WakeupIdleStrategy implements IdleStrategy {
    private static final int STREAK = 3;
    private static final int SPINS = 200;
    private static final int YIELDS = 20;

    private final Wakeup wakeup;
    private final BooleanSupplier stillEmpty;
    private final LongSupplier longestNs;
    private int streak; // rounds with work, not a sleep between them
    private int looks;

    /**
     * Makes a strategy.
     *
     * @param stillEmpty whether there is nothing to do, asked once more before sleeping.
     * @param longestNs longest sleep from now, in nanoseconds.
     */
    public WakeupIdleStrategy(Wakeup wakeup, BooleanSupplier stillEmpty, LongSupplier longestNs) {
        this.wakeup = wakeup;
        this.stillEmpty = stillEmpty;
        this.longestNs = longestNs;
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            looks = 0;
            streak++;
        } else {
            idle();
        }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // yields for a bounded number of looks, then sleeps
    public void idle() {
        if (streak < STREAK || looks == SPINS + YIELDS) {
            reset();
            wakeup.sleep(stillEmpty, longestNs.getAsLong());
        } else if (looks++ < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    @Override
    public void reset() {
        streak = 0;
        looks = 0;
    }
}
