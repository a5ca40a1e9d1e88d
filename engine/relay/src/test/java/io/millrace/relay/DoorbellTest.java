package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lost ring would leave a thread asleep for an hour: then these tests end by their timeout. */
class DoorbellTest {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final int ITEMS = 20_000;

    private final AtomicLong filled = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private Doorbell doorbell;

    @Test
    void ringingAThreadThatIsAwakeWakesNobody() {
        doorbell = new Doorbell();

        for (int i = 0; i < 1_000; i++) {
            doorbell.ring();
        }

        assertThat(doorbell.wakeUps()).isZero();
    }

    @Test
    void aThreadThatFindsSomethingAtItsLastLookDoesNotSleep() {
        doorbell = new Doorbell();

        doorbell.sleep(() -> false, HOUR_NS);

        assertThat(doorbell.isAsleep()).isFalse();
    }

    @Test
    @Timeout(300)
    void aSleeperIsWokenByTheFirstRingAndTheOthersCostNothing() throws InterruptedException {
        final Thread thread = new Thread(this::takeUntil);
        doorbell = new Doorbell();
        filled.set(-ITEMS);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) { // past its last look
            Thread.onSpinWait();
        }

        for (int i = 0; i < 100; i++) {
            filled.set(ITEMS);
            doorbell.ring();
        }
        thread.join();

        assertThat(doorbell.wakeUps()).isEqualTo(1);
    }

    @Test
    @Timeout(300)
    void noRingIsMissedHoweverTheTwoThreadsMeet() throws InterruptedException {
        final Thread thread = new Thread(this::takeUntil);
        doorbell = new Doorbell();
        thread.start();

        for (int i = 1; i <= ITEMS; i++) {
            while (taken.get() < i - 1) {
                Thread.onSpinWait();
            }
            filled.setRelease(i);
            doorbell.ring();
        }
        thread.join();

        assertThat(taken.get()).isEqualTo(ITEMS);
        assertThat(doorbell.wakeUps()).isBetween(0L, (long) ITEMS);
    }

    private void takeUntil() {
        while (taken.get() < ITEMS) {
            if (filled.getAcquire() > taken.get()) {
                taken.set(filled.getAcquire());
            } else {
                doorbell.sleep(() -> filled.getAcquire() <= taken.get(), HOUR_NS);
            }
        }
    }
}
