package io.millrace.relay.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lost ring would leave a thread asleep for an hour: then these tests end by their timeout. */
class WakeupTest {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final int ITEMS = 20_000;

    private final AtomicLong filled = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private Wakeup wakeup;

    @Test
    void ringingAThreadThatIsAwakeWakesNobody() {
        wakeup = new Wakeup();

        for (int i = 0; i < 1_000; i++) {
            wakeup.ring();
        }

        assertThat(wakeup.wakeUps()).isZero();
    }

    @Test
    void aThreadThatFindsSomethingAtItsLastLookDoesNotSleep() {
        wakeup = new Wakeup();

        wakeup.sleep(() -> false, HOUR_NS);

        assertThat(wakeup.isAsleep()).isFalse();
    }

    @Test
    @Timeout(300)
    void aSleeperIsWokenByTheFirstRingAndTheOthersCostNothing() throws InterruptedException {
        final Thread thread = new Thread(this::takeUntil);
        wakeup = new Wakeup();
        filled.set(-ITEMS);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) { // past its last look
            Thread.onSpinWait();
        }

        for (int i = 0; i < 100; i++) {
            filled.set(ITEMS);
            wakeup.ring();
        }
        thread.join();

        assertThat(wakeup.wakeUps()).isEqualTo(1);
    }

    @Test
    @Timeout(300)
    void noRingIsMissedHoweverTheTwoThreadsMeet() throws InterruptedException {
        final Thread thread = new Thread(this::takeUntil);
        wakeup = new Wakeup();
        thread.start();

        for (int i = 1; i <= ITEMS; i++) {
            while (taken.get() < i - 1) {
                Thread.onSpinWait();
            }
            filled.setRelease(i);
            wakeup.ring();
        }
        thread.join();

        assertThat(taken.get()).isEqualTo(ITEMS);
        assertThat(wakeup.wakeUps()).isBetween(0L, (long) ITEMS);
    }

    private void takeUntil() {
        while (taken.get() < ITEMS) {
            if (filled.getAcquire() > taken.get()) {
                taken.set(filled.getAcquire());
            } else {
                wakeup.sleep(() -> filled.getAcquire() <= taken.get(), HOUR_NS);
            }
        }
    }
}
