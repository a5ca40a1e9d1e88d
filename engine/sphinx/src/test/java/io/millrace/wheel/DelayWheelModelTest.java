package io.millrace.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Compares the wheel with a sorted set over random schedules, clock steps, stalls and limits. The seed of a failing run
 * is in the message.
 */
class DelayWheelModelTest {
    private static final int RUNS = 3_000;
    private static final int STEPS = 200;

    /** The model's notes on an entry: the tick at which it fires, and its place in line. */
    private record Entry(long fireTick, long sequence, int id, long dueNs) {}

    @Test
    void agreesWithASortedSet() {
        final long base = System.nanoTime();
        for (int run = 0; run < RUNS; run++) {
            final long seed = base + run;
            try {
                run(new SplittableRandom(seed));
            } catch (AssertionError e) {
                throw new AssertionError("seed=" + seed, e);
            }
        }
    }

    private static void run(SplittableRandom random) {
        final int slots = random.nextInt(1, 200);
        final int maxPending = random.nextInt(1, slots + 1);
        final long tick = random.nextLong(1, 1L << random.nextInt(1, 20));
        final long longest = random.nextLong(1, tick * 300);
        final long start = random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - random.nextLong(tick * 100);
        final DelayWheel wheel = new DelayWheel(slots, maxPending, tick, longest, start);
        final TreeSet<Entry> model =
                new TreeSet<>(Comparator.comparingLong(Entry::fireTick).thenComparingLong(Entry::sequence));
        final boolean[] held = new boolean[slots];
        final int[] out = new int[slots];
        long elapsed = 0;
        long full = 0;
        long beyond = 0;

        for (int step = 0; step < STEPS; step++) {
            for (int burst = random.nextInt(8); burst > 0; burst--) {
                final int id = random.nextInt(slots);
                final long due = elapsed + random.nextLong(2 * longest + 3 * tick) - 2 * tick;
                if (held[id]) {
                    continue;
                }
                final long polledTick = elapsed / tick;
                final boolean fits = Math.ceilDiv(due, tick) - polledTick <= wheel.horizonNs() / tick;
                final boolean room = model.size() < maxPending;
                assertThat(wheel.schedule(id, start + due)).isEqualTo(room && fits);
                if (room && fits) {
                    held[id] = true;
                    model.add(new Entry(Math.max(Math.ceilDiv(due, tick), polledTick), line(step, burst), id, due));
                } else if (!room) {
                    full++;
                } else {
                    beyond++;
                }
            }
            if (random.nextInt(4) != 0) {
                elapsed += random.nextInt(20) == 0 ? random.nextLong(10 * longest) : random.nextLong(3 * tick);
                final long wait = wheel.waitNs(start + elapsed);
                assertThat(wait)
                        .isEqualTo(
                                model.isEmpty()
                                        ? Long.MAX_VALUE
                                        : Math.max(0, model.first().fireTick() * tick - elapsed));
                final int limit = random.nextInt(4) == 0 ? random.nextInt(slots) : slots;
                final int count = wheel.poll(start + elapsed, out, limit);
                for (int i = 0; i < count; i++) {
                    final Entry first = model.pollFirst();
                    assertThat(out[i]).isEqualTo(first.id());
                    assertThat(elapsed).as("never early").isGreaterThanOrEqualTo(first.dueNs());
                    assertThat(first.fireTick() * tick).isLessThanOrEqualTo(elapsed);
                    held[first.id()] = false;
                }
                assertThat(count == limit || model.isEmpty() || model.first().fireTick() * tick > elapsed)
                        .as("nothing that is due is left")
                        .isTrue();
            }
            assertThat(wheel.pending()).isEqualTo(model.size());
        }
        assertThat(wheel.refusedFull()).isEqualTo(full);
        assertThat(wheel.refusedBeyondHorizon()).isEqualTo(beyond);
        final int count = wheel.drainAll(out, slots);
        assertThat(count).isEqualTo(model.size());
        for (int i = 0; i < count; i++) {
            assertThat(out[i]).isEqualTo(model.pollFirst().id());
        }
    }

    /** Bursts count down, so that the sequence has to count the other way. */
    private static long line(int step, int burst) {
        return step * 16L + 8 - burst;
    }
}
