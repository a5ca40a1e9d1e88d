package io.millrace.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ThreadEndTest {
    private final Thread waiting = Thread.currentThread();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread awaited = Thread.ofPlatform().unstarted(this::live);

    @AfterEach
    void endAll() {
        Thread.interrupted();
        end.countDown();
    }

    private void live() {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the thread that is waited for", e);
        }
    }

    /** Runs as soon as the thread of the test waits, and not before. */
    private void onceItWaits(Runnable action) {
        Thread.ofPlatform().daemon().start(() -> {
            untilItWaits();
            action.run();
        });
    }

    private void untilItWaits() {
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void returnsWhenTheThreadHasEnded() {
        awaited.start();
        onceItWaits(end::countDown);

        ThreadEnd.await(awaited);

        assertThat(awaited.isAlive()).isFalse();
        assertThat(waiting.isInterrupted()).isFalse();
    }

    @Test
    void waitsThoughItIsInterruptedBefore() {
        awaited.start();
        waiting.interrupt();
        onceItWaits(end::countDown);

        ThreadEnd.await(awaited);

        assertThat(awaited.isAlive()).isFalse();
        assertThat(waiting.isInterrupted()).isTrue();
    }

    @Test
    void waitsThoughItIsInterruptedMeanwhile() {
        awaited.start();
        onceItWaits(() -> {
            waiting.interrupt();
            while (waiting.isInterrupted()) { // until the wait has noticed
                Thread.onSpinWait();
            }
            untilItWaits();
            end.countDown();
        });

        ThreadEnd.await(awaited);

        assertThat(awaited.isAlive()).isFalse();
        assertThat(waiting.isInterrupted()).isTrue();
    }

    @Test
    void showsTheInterruptOnlyAfterTheRestIsDone() {
        final AtomicInteger runs = new AtomicInteger();
        awaited.start();
        waiting.interrupt();
        onceItWaits(end::countDown);

        ThreadEnd.await(awaited, () -> {
            assertThat(awaited.isAlive()).isFalse();
            assertThat(waiting.isInterrupted()).isFalse();
            runs.incrementAndGet();
        });

        assertThat(runs).hasValue(1);
        assertThat(waiting.isInterrupted()).isTrue();
    }

    @Test
    void hidesTheInterruptFromTheRestThoughTheThreadHasEndedLongAgo() throws InterruptedException {
        final AtomicInteger runs = new AtomicInteger();
        awaited.start();
        end.countDown();
        awaited.join();
        waiting.interrupt();

        ThreadEnd.await(awaited, () -> {
            assertThat(waiting.isInterrupted()).isFalse();
            runs.incrementAndGet();
        });

        assertThat(runs).hasValue(1);
        assertThat(waiting.isInterrupted()).isTrue();
    }

    @Test
    void keepsTheInterruptIfTheRestFails() {
        awaited.start();
        waiting.interrupt();
        onceItWaits(end::countDown);

        assertThatThrownBy(() -> ThreadEnd.await(awaited, () -> {
                    throw new UnsupportedOperationException("full");
                }))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("full");

        assertThat(waiting.isInterrupted()).isTrue();
    }

    @Test
    void doesNotWaitForAThreadThatWasNotStarted() {
        ThreadEnd.await(awaited);

        assertThat(awaited.getState()).isEqualTo(Thread.State.NEW);
    }

    @Test
    void refusesToWaitForItself() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ThreadEnd.await(waiting))
                .withMessageContaining(waiting.getName());
    }
}
