package io.millrace.relay.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rounds of a thread without work are counted in simulated time, in which a park takes as long as it was asked to. */
class EngineIdleStrategyTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final long HALF_TICK_NS = 25_000;
    private static final long SLEEP_NS = 10_000_000;
    private static final long ROUND_NS = 500;

    private long nowNs;
    private long longestNs;
    private long dueNs = Long.MAX_VALUE; // when the simulated wheel has its next packet
    private final Duty duty = new Duty() {
        @Override
        public int doWork() {
            return 0;
        }

        @Override
        public long waitNs() {
            return dueNs == Long.MAX_VALUE ? Long.MAX_VALUE : dueNs - nowNs;
        }

        @Override
        public void onClose() {}

        @Override
        public String roleName() {
            return "simulated";
        }
    };
    private final EngineIdleStrategy strategy =
            new EngineIdleStrategy(duty, HALF_TICK_NS, SLEEP_NS, false, null, ns -> {
                nowNs += ns;
                longestNs = Math.max(longestNs, ns);
            });

    /** As another thread does. */
    private static void wake(EngineIdleStrategy sleeper) {
        try {
            Thread.ofPlatform().start(sleeper::wake).join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Idles until {@code endNs}; the number of rounds. */
    private int idleUntil(long endNs) {
        int rounds = 0;
        while (nowNs < endNs) {
            nowNs += ROUND_NS;
            rounds++;
            strategy.idle(0);
        }
        return rounds;
    }

    @Test
    void anIdleThreadHasAHundredRoundsASecond() {
        assertThat(idleUntil(SECOND_NS / 5)).as("until it sleeps").isLessThan(400);
        assertThat(longestNs).isEqualTo(SLEEP_NS);

        assertThat(idleUntil(SECOND_NS / 5 + 10 * SECOND_NS))
                .as("in ten seconds")
                .isLessThanOrEqualTo(1_001);
    }

    /** What no other thread announces is found after at most a quarter of the gap before it. */
    @Test
    void neverParksForLongerThanAQuarterOfTheQuietTime() {
        for (int i = 0; longestNs < SLEEP_NS; i++) {
            assertThat(i).as("comes to sleep").isLessThan(1_000);
            final long before = nowNs;
            strategy.idle(0);
            assertThat(nowNs - before)
                    .isLessThanOrEqualTo(Math.max(HALF_TICK_NS, before / EngineIdleStrategy.QUIET_PER_SLEEP));
        }
    }

    @Test
    void sleepsNoLongerThanUntilTheNextPacketIsDue() {
        idleUntil(SECOND_NS);
        dueNs = nowNs + 3 * SLEEP_NS + 4_000_000;

        assertThat(idleUntil(dueNs)).isEqualTo(4);
        assertThat(nowNs - dueNs).isBetween(0L, 1_000 + ROUND_NS);
    }

    @Test
    void neverParksForLongerThanHalfATickWhileThereIsWorkNowAndThen() {
        for (int i = 0; i < 1_000; i++) {
            idleUntil(nowNs + EngineIdleStrategy.QUIET_NS / 2);
            strategy.idle(1);
        }

        assertThat(longestNs).isEqualTo(HALF_TICK_NS);
    }

    @Test
    void looksForWorkOnceMoreBeforeItSleepsAndAfterItWasWoken() {
        idleUntil(SECOND_NS);
        final long before = nowNs;
        wake(strategy);
        strategy.idle(0);
        assertThat(nowNs).as("one more round").isEqualTo(before);
        strategy.idle(0);
        assertThat(nowNs).isEqualTo(before + SLEEP_NS);

        LockSupport.parkNanos(1); // takes the permit of the ring
    }

    @Test
    void sleepsInTheCarrierAndIsWokenThere() {
        final AwaitedCarrier carrier = new AwaitedCarrier();
        final EngineIdleStrategy waiting =
                new EngineIdleStrategy(duty, HALF_TICK_NS, SLEEP_NS, true, carrier, ns -> longestNs = ns);
        while (carrier.waits.isEmpty()) {
            waiting.idle(0);
        }
        assertThat(carrier.waits).singleElement(LONG).isBetween(1_000_000L, SLEEP_NS);

        wake(waiting);
        assertThat(carrier.woken).isOne();
        waiting.end();
        assertThat(carrier.woken).isEqualTo(2);
        LockSupport.parkNanos(1);
    }

    /** The carrier of this test returns at once, and there is no work: as after a socket's error. */
    @Test
    void doesNotSpinWithACarrierThatWakesItForNothing() {
        final AwaitedCarrier carrier = new AwaitedCarrier();
        final List<Long> parks = new ArrayList<>();
        final EngineIdleStrategy waiting =
                new EngineIdleStrategy(duty, HALF_TICK_NS, SLEEP_NS, true, carrier, parks::add);
        while (carrier.waits.size() < 100) {
            waiting.idle(0);
        }
        assertThat(parks.stream().filter(ns -> ns >= 1_000_000))
                .as("but for waits in which the machine itself stopped")
                .hasSizeGreaterThanOrEqualTo(80);
    }

    /** Waits no time. */
    private static final class AwaitedCarrier implements Carrier {
        final List<Long> waits = new ArrayList<>();
        int woken;

        @Override
        public boolean canAwait() {
            return true;
        }

        @Override
        public void await(long ns) {
            waits.add(ns);
        }

        @Override
        public void wakeUp() {
            woken++;
        }

        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            return 0;
        }

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            return 0;
        }

        @Override
        public long receiveErrors() {
            return 0;
        }

        @Override
        public long sendErrors() {
            return 0;
        }

        @Override
        public void close() {}
    }

    @Test
    void aThreadThatIsToEndSleepsNoMore() {
        idleUntil(SECOND_NS);
        strategy.end();
        final long before = nowNs;
        for (int i = 0; i < 1_000; i++) {
            strategy.idle(0);
        }
        assertThat(nowNs).isEqualTo(before);
    }

    /** A ring of the thread's own work would cost it a system call and a round. */
    @Test
    void aThreadDoesNotWakeItself() {
        idleUntil(SECOND_NS);
        assertThat(strategy.isAsleep()).isTrue();
        strategy.wake();
        assertThat(strategy.isAsleep()).isTrue();
    }

    @Test
    void allocatesNothing() {
        final Wakeups wakeups = new Wakeups();
        wakeups.add(strategy);
        final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                strategy.idle(0);
                if (i % 5_000 == 0) {
                    wakeups.ring();
                    strategy.idle(1);
                }
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(10_000);
        LockSupport.parkNanos(1);
    }

    /**
     * A real thread that would sleep for an hour wakes for every piece of work; half of them come as it falls asleep. The
     * limit ends a test that hangs: on a busy machine a piece may take long.
     */
    @Test
    @Timeout(600)
    void noRingIsMissed() throws InterruptedException {
        final int pieces = 200;
        final AtomicInteger given = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final EngineIdleStrategy sleeper = new EngineIdleStrategy(
                duty, TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.HOURS.toNanos(1), true, null, ns -> {
                    if (ns > TimeUnit.MILLISECONDS.toNanos(1)) {
                        LockSupport.parkNanos(ns);
                    } // the parks before are left out
                });
        final Wakeups wakeups = new Wakeups();
        wakeups.add(sleeper);
        final Thread thread = Thread.ofPlatform().daemon().start(() -> {
            while (done.get() < pieces) {
                if (done.get() < given.get()) {
                    done.incrementAndGet();
                    sleeper.idle(1);
                } else {
                    sleeper.idle(0);
                }
            }
        });
        for (int i = 1; i <= pieces; i++) {
            while (i % 2 == 0 && !sleeper.isAsleep()) {
                LockSupport.parkNanos(1_000); // the other thread may need this processor
            }
            given.set(i);
            wakeups.ring();
            while (done.get() < i) {
                LockSupport.parkNanos(1_000);
            }
        }
        thread.join();
        assertThat(done).hasValue(pieces);
    }

    /** Work that is handed over before a thread says that it sleeps rings nothing: the thread must look once more. */
    @Test
    void aThreadLooksOnceMoreAfterItHasSaidThatItSleeps() {
        final AtomicInteger sleeps = new AtomicInteger();
        final EngineIdleStrategy sleeper =
                new EngineIdleStrategy(duty, HALF_TICK_NS, TimeUnit.HOURS.toNanos(1), true, null, ns -> {
                    if (ns > HALF_TICK_NS) {
                        sleeps.incrementAndGet();
                    }
                });
        while (!sleeper.isAsleep()) {
            sleeper.idle(0);
        }
        assertThat(sleeps).as("it said so, and has not slept").hasValue(0);
        wake(sleeper); // its work came
        sleeper.idle(0);
        assertThat(sleeps).as("it says so again").hasValue(0);
        sleeper.idle(0);
        assertThat(sleeps).hasValue(1);
    }
}
