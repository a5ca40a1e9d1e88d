package io.millrace.htx.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.metrics.NanoClock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DeadlinesTest {
    private static final class Broken extends Error {
        private static final long serialVersionUID = 1;
    }

    private final LinkedBlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();

    @Test
    void theThreadSurvivesEveryErrorAndGoesOnCalling() throws InterruptedException {
        try (Deadlines deadlines = new Deadlines(NanoClock.SYSTEM, new Failures(reported::add))) {
            final long pastNs = System.nanoTime();
            final CountDownLatch calls = new CountDownLatch(20);
            final AtomicBoolean dueFails = new AtomicBoolean();
            deadlines.add(task(() -> pastNs, () -> {
                throw new Broken();
            }));
            deadlines.add(task(
                    () -> {
                        if (dueFails.get()) {
                            throw new OutOfMemoryError("in dueNs");
                        }
                        return pastNs;
                    },
                    () -> dueFails.set(true)));
            deadlines.add(task(() -> pastNs, calls::countDown));
            assertThat(reported.take()).isInstanceOfAny(Broken.class, OutOfMemoryError.class);
            assertThat(reported.take()).isInstanceOfAny(Broken.class, OutOfMemoryError.class);

            calls.await();
            assertThat(reported).as("a task that failed is taken out").isEmpty();
        }
    }

    @Test
    void aTaskThatIsAlwaysDueDoesNotSpin() throws InterruptedException {
        try (Deadlines deadlines = new Deadlines(NanoClock.SYSTEM, new Failures(reported::add))) {
            final CountDownLatch calls = new CountDownLatch(2_000);
            final long beganNs = System.nanoTime();
            deadlines.add(task(() -> beganNs, calls::countDown));
            calls.await();
            assertThat(System.nanoTime() - beganNs)
                    .as("2,000 calls, at least a millisecond apart")
                    .isGreaterThan(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void aTaskThatCannotSayWhenItIsDueIsNotAdded() throws InterruptedException {
        try (Deadlines deadlines = new Deadlines(NanoClock.SYSTEM, new Failures(reported::add))) {
            final Thread adds = Thread.currentThread();
            final long pastNs = System.nanoTime();
            final AtomicBoolean called = new AtomicBoolean();
            final Deadlines.Timed broken = task(
                    () -> {
                        if (Thread.currentThread() == adds) {
                            throw new Broken();
                        }
                        return pastNs;
                    },
                    () -> called.set(true));
            assertThatThrownBy(() -> deadlines.add(broken)).isInstanceOf(Broken.class);

            final CountDownLatch wholeRounds = new CountDownLatch(3);
            deadlines.add(task(() -> pastNs, wholeRounds::countDown));
            wholeRounds.await();
            assertThat(called).as("called by the clock's thread").isFalse();
            assertThat(reported).isEmpty();
        }
    }

    @Test
    void theClockAsksOnlyTimersThatAreDue() throws InterruptedException {
        try (Deadlines deadlines = new Deadlines(NanoClock.SYSTEM, new Failures(reported::add))) {
            final AtomicLong asked = new AtomicLong();
            final long farNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(30);
            for (int i = 0; i < 1_000; i++) {
                deadlines.add(task(
                        () -> {
                            asked.incrementAndGet();
                            return farNs;
                        },
                        () -> reported.add(new Broken())));
            }
            final CountDownLatch calls = new CountDownLatch(200);
            final long pastNs = System.nanoTime();
            deadlines.add(task(() -> pastNs, calls::countDown));
            calls.await();
            assertThat(asked.get())
                    .as("once by the thread that adds, once by the clock's")
                    .isLessThanOrEqualTo(2_000);
            assertThat(reported).isEmpty();
        }
    }

    @Test
    void aTimerThatMovesToAnEarlierTimeIsCalledThen() throws InterruptedException {
        try (Deadlines deadlines = new Deadlines(NanoClock.SYSTEM, new Failures(reported::add))) {
            for (int i = 0; i < 200; i++) {
                final AtomicLong dueNs = new AtomicLong(System.nanoTime() + TimeUnit.MINUTES.toNanos(30));
                final CountDownLatch called = new CountDownLatch(1);
                final Deadlines.Timed moving = task(dueNs::get, () -> {
                    dueNs.addAndGet(TimeUnit.HOURS.toNanos(1));
                    called.countDown();
                });
                deadlines.add(moving);
                dueNs.set(System.nanoTime());
                deadlines.moved(moving, dueNs.get());
                called.await();
                deadlines.remove(moving);
            }
            assertThat(reported).isEmpty();
        }
    }

    @Test
    void aTimerThatWasRemovedIsNotCalled() throws InterruptedException {
        try (Deadlines deadlines = new Deadlines(NanoClock.SYSTEM, new Failures(reported::add))) {
            final AtomicBoolean called = new AtomicBoolean();
            final AtomicLong dueNs = new AtomicLong(System.nanoTime() + TimeUnit.MINUTES.toNanos(30));
            final Deadlines.Timed removed = task(dueNs::get, () -> called.set(true));
            deadlines.add(removed);
            deadlines.remove(removed);
            dueNs.set(System.nanoTime());
            deadlines.moved(removed, dueNs.get());
            final CountDownLatch rounds = new CountDownLatch(3);
            deadlines.add(task(dueNs::get, rounds::countDown));
            rounds.await();
            assertThat(called).isFalse();
        }
    }

    private interface Due {
        long ns();
    }

    private static Deadlines.Timed task(Due due, Runnable onDue) {
        return new Deadlines.Timed() {
            @Override
            public long dueNs() {
                return due.ns();
            }

            @Override
            public void onDue(long nowNs) {
                onDue.run();
            }
        };
    }
}
