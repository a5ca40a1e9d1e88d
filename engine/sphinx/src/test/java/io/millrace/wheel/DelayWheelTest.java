package io.millrace.wheel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DelayWheelTest {
    private static final long TICK = 1_000;
    private static final long LONGEST = 1_000_000;

    /** Exceeded by chance once in 10^9: 23 degrees of freedom. */
    private static final double CHI_SQUARE_BOUND = 93;

    private final int[] out = new int[64];

    @Test
    void firesAtTheFirstTickAtOrAfterTheDueTime() {
        final DelayWheel wheel = new DelayWheel(8, 8, TICK, LONGEST, 0);
        wheel.schedule(1, 1);
        wheel.schedule(2, TICK);
        wheel.schedule(3, TICK + 1);

        assertThat(polled(wheel, TICK - 1)).isEmpty();
        assertThat(polled(wheel, TICK)).containsExactly(1, 2);
        assertThat(polled(wheel, 2 * TICK - 1)).isEmpty();
        assertThat(polled(wheel, 2 * TICK)).containsExactly(3);
        assertThat(wheel.pending()).isZero();
    }

    @Test
    void keepsTheOrderOfSchedulingWithinATick() {
        final DelayWheel wheel = new DelayWheel(8, 8, TICK, LONGEST, 0);
        wheel.schedule(5, 1_900);
        wheel.schedule(0, 1_100);
        wheel.schedule(7, 2_000);

        assertThat(polled(wheel, 5_000)).containsExactly(5, 0, 7);
    }

    @Test
    void everyOrderOfATicksEntriesIsEquallyLikely() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (final int limit : new int[] {4, 2, 1}) {
            assertThat(chiSquare(random::nextInt, limit)).as("seed=" + seed).isLessThan(CHI_SQUARE_BOUND);
        }
        assertThat(chiSquare(TickOrder.SCHEDULED, 4)).as("one order only").isGreaterThan(100 * CHI_SQUARE_BOUND);
    }

    /** The statistic of the 24 orders of four entries of one tick, over polls of at most {@code limit}. */
    private double chiSquare(TickOrder order, int limit) {
        final int rounds = 24_000;
        final java.util.Map<String, Integer> counts = new java.util.HashMap<>();
        final DelayWheel wheel = new DelayWheel(8, 8, TICK, LONGEST, 0, order);
        for (int round = 0; round < rounds; round++) {
            for (int id = 0; id < 4; id++) {
                wheel.schedule(id, round * TICK + 1);
            }
            final StringBuilder found = new StringBuilder();
            while (wheel.pending() > 0) {
                final int count = wheel.poll((round + 1) * TICK, out, limit);
                for (int i = 0; i < count; i++) {
                    found.append(out[i]);
                }
            }
            counts.merge(found.toString(), 1, Integer::sum);
        }
        final double expected = rounds / 24.0;
        double sum = (24 - counts.size()) * expected;
        for (final int count : counts.values()) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    @Test
    void laterTicksNeverComeBeforeEarlierOnesWhateverTheOrder() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final DelayWheel wheel = new DelayWheel(64, 64, TICK, LONGEST, 0, random::nextInt);
        for (int id = 0; id < 60; id++) {
            wheel.schedule(id, (id / 6) * TICK + 1);
        }
        int seen = 0;
        while (wheel.pending() > 0) {
            final int count = wheel.poll(20 * TICK, out, random.nextInt(1, 9));
            for (int i = 0; i < count; i++) {
                assertThat(out[i] / 6).as("seed=" + seed).isEqualTo(seen++ / 6);
            }
        }
        assertThat(seen).isEqualTo(60);
    }

    @Test
    void firesAnEntryThatIsAlreadyDueAtTheNextPoll() {
        final DelayWheel wheel = new DelayWheel(8, 8, TICK, LONGEST, 0);
        polled(wheel, 10 * TICK + 400);
        wheel.schedule(1, 3 * TICK);
        wheel.schedule(2, 10 * TICK);
        wheel.schedule(3, 10 * TICK + 100);

        assertThat(polled(wheel, 10 * TICK + 400)).containsExactly(1, 2);
        assertThat(polled(wheel, 11 * TICK)).containsExactly(3);
    }

    @Test
    void refusesAndCountsWhatIsBeyondTheHorizon() {
        final DelayWheel wheel = new DelayWheel(8, 8, TICK, LONGEST, 0);
        assertThat(wheel.horizonNs()).isGreaterThanOrEqualTo(LONGEST + LONGEST / 4);

        assertThat(wheel.schedule(0, wheel.horizonNs())).isTrue();
        assertThat(wheel.schedule(1, wheel.horizonNs() + 1)).isFalse();
        assertThat(wheel.schedule(2, Long.MAX_VALUE)).isFalse();

        assertThat(wheel.refusedBeyondHorizon()).isEqualTo(2);
        assertThat(wheel.pending()).isOne();
        assertThat(polled(wheel, wheel.horizonNs() - 1)).isEmpty();
        assertThat(polled(wheel, wheel.horizonNs())).containsExactly(0);
        assertThat(wheel.schedule(1, 2 * wheel.horizonNs())).isTrue();
    }

    @Test
    void refusesAndCountsWhatIsBeyondItsCapacity() {
        final DelayWheel wheel = new DelayWheel(8, 2, TICK, LONGEST, 0);
        assertThat(wheel.schedule(0, 5)).isTrue();
        assertThat(wheel.schedule(1, 5)).isTrue();
        assertThat(wheel.schedule(2, 5)).isFalse();

        assertThat(wheel.refusedFull()).isOne();
        assertThat(polled(wheel, TICK)).containsExactly(0, 1);
        assertThat(wheel.schedule(2, TICK)).isTrue();
    }

    @Test
    void catchesASlotThatIsScheduledTwice() {
        final DelayWheel wheel = new DelayWheel(8, 8, TICK, LONGEST, 0);
        wheel.schedule(3, 5);

        assertThatThrownBy(() -> wheel.schedule(3, 5_000)).isInstanceOf(AssertionError.class);
    }

    @Test
    void resumesWhereTheLimitStoppedIt() {
        final DelayWheel wheel = new DelayWheel(64, 64, TICK, LONGEST, 0);
        for (int id = 0; id < 30; id++) {
            wheel.schedule(id, (id / 7 + 1) * TICK);
        }
        final int[] seen = new int[31];
        int count = 0;
        int polls = 0;
        while (count < 30) {
            final int n = wheel.poll(LONGEST, out, 4);
            System.arraycopy(out, 0, seen, count, n);
            count += n;
            polls++;
            if (polls == 3) {
                // Already due, so it fires, but after everything that was overdue before it.
                wheel.schedule(30, 1);
            }
        }

        assertThat(seen).containsExactly(IntStream.range(0, 31).toArray());
        assertThat(polls).isEqualTo(8);
    }

    @Test
    void keepsItsFullHorizonWhileABacklogIsTakenInSmallSteps() {
        final DelayWheel wheel = new DelayWheel(64, 64, TICK, LONGEST, 0);
        for (int id = 0; id < 32; id++) {
            wheel.schedule(id, id * 20L * TICK);
        }
        final long now = LONGEST;
        assertThat(wheel.poll(now, out, 1)).isOne();

        assertThat(wheel.schedule(40, now + wheel.horizonNs())).isTrue();
        assertThat(polled(wheel, now)).hasSize(31).isSorted();
        assertThat(polled(wheel, now + wheel.horizonNs() - 1)).isEmpty();
        assertThat(polled(wheel, now + wheel.horizonNs())).containsExactly(40);
    }

    @Test
    void losesNothingInAStallOfManyRevolutions() {
        final DelayWheel wheel = new DelayWheel(64, 64, TICK, LONGEST, 0);
        for (int id = 0; id < 50; id++) {
            wheel.schedule(id, id * LONGEST / 50);
        }
        final long now = 1_000 * LONGEST + 123;

        assertThat(polled(wheel, now)).containsExactly(IntStream.range(0, 50).toArray());
        wheel.schedule(9, now + 5 * TICK);
        assertThat(polled(wheel, now + 5 * TICK)).isEmpty();
        assertThat(polled(wheel, now + 6 * TICK)).containsExactly(9);
    }

    @Test
    void yieldsNothingWhenTheClockStepsBack() {
        final DelayWheel wheel = new DelayWheel(64, 64, TICK, LONGEST, 0);
        polled(wheel, 10 * TICK);
        wheel.schedule(1, 10 * TICK);

        assertThat(polled(wheel, 9 * TICK)).isEmpty();
        assertThat(polled(wheel, 10 * TICK)).containsExactly(1);
    }

    @Test
    void worksAcrossTheWrapOfTheClock() {
        final long start = Long.MAX_VALUE - 5 * TICK;
        final DelayWheel wheel = new DelayWheel(64, 64, TICK, LONGEST, start);
        for (int id = 0; id < 20; id++) {
            wheel.schedule(id, start + id * TICK);
        }
        for (int id = 0; id < 20; id++) {
            final long due = start + id * TICK;
            assertThat(wheel.waitNs(due - 1)).isOne();
            assertThat(polled(wheel, due - 1)).isEmpty();
            assertThat(polled(wheel, due)).containsExactly(id);
        }
    }

    @Test
    void saysHowLongThereIsNothingToDo() {
        final DelayWheel wheel = new DelayWheel(64, 64, TICK, LONGEST, -7);
        assertThat(wheel.waitNs(-7)).isEqualTo(Long.MAX_VALUE);

        wheel.schedule(1, -7 + 900 * TICK - 3);
        assertThat(wheel.waitNs(-7)).isEqualTo(900 * TICK);
        polled(wheel, 500 * TICK);
        assertThat(wheel.waitNs(500 * TICK)).isEqualTo(400 * TICK - 7);
        wheel.schedule(2, 0);
        assertThat(wheel.waitNs(500 * TICK)).isZero();
    }

    @Test
    void drainsEverythingEarliestFirst() {
        final DelayWheel wheel = new DelayWheel(64, 64, TICK, LONGEST, 0);
        for (int id = 0; id < 40; id++) {
            wheel.schedule(id, id * 25L * TICK);
        }
        assertThat(wheel.poll(200 * TICK, out, 3)).isEqualTo(3);

        final int[] drained = new int[40];
        int count = 0;
        for (int n = wheel.drainAll(out, 7); n > 0; n = wheel.drainAll(out, 7)) {
            System.arraycopy(out, 0, drained, count, n);
            count += n;
        }

        assertThat(count).isEqualTo(37);
        assertThat(Arrays.copyOf(drained, count))
                .containsExactly(IntStream.range(3, 40).toArray());
        assertThat(wheel.pending()).isZero();
        assertThat(wheel.waitNs(0)).isEqualTo(Long.MAX_VALUE);
        wheel.schedule(3, 201 * TICK);
        assertThat(polled(wheel, 201 * TICK)).containsExactly(3);
    }

    @Test
    void holdsAMillionEntriesAndAllocatesNothing() {
        final int count = 1_000_000;
        final long longest = 1_000_000_000;
        final DelayWheel wheel = new DelayWheel(count, count, 10_000, longest, 0);
        final int[] expired = new int[256];
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        long now = 0;
        // The first rounds are the compiler's; the claim is about the steady state.
        for (int round = 0; round < 4; round++) {
            final SplittableRandom random = new SplittableRandom(round);
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int id = 0; id < count; id++) {
                if (!wheel.schedule(id, now + random.nextLong(longest))) {
                    throw new AssertionError("refused: id=" + id);
                }
            }
            int taken = 0;
            while (taken < count) {
                now += 10_000;
                for (int n = wheel.poll(now, expired, 256); n > 0; n = wheel.poll(now, expired, 256)) {
                    taken += n;
                }
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(allocated).isLessThan(count / 1_000);
        assertThat(wheel.pending()).isZero();
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> new DelayWheel(0, 1, 1, 1, 0)).hasMessageContaining("slotCount=0");
        assertThatThrownBy(() -> new DelayWheel(4, 5, 1, 1, 0)).hasMessageContaining("maxPending=5");
        assertThatThrownBy(() -> new DelayWheel(4, 4, 0, 1, 0)).hasMessageContaining("tickNs=0");
        assertThatThrownBy(() -> new DelayWheel(4, 4, 1, 0, 0)).hasMessageContaining("longestDelayNs=0");
        assertThatThrownBy(() -> new DelayWheel(4, 4, 1, 1L << 28, 0)).hasMessageContaining("longestDelayNs=268435456");
    }

    private int[] polled(DelayWheel wheel, long nowNs) {
        return Arrays.copyOf(out, wheel.poll(nowNs, out, out.length));
    }
}
