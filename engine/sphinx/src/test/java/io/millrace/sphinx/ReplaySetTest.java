package io.millrace.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.TrackedArena;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplaySetTest {
    private record Tag(long low, long high) {}

    @Test
    void agreesWithAHashSet() {
        final long base = System.nanoTime();
        for (int run = 0; run < 200; run++) {
            final long seed = base + run;
            final SplittableRandom random = new SplittableRandom(seed);
            final int capacity = random.nextInt(1, 500);
            final long bound = random.nextLong(2, 100);
            try (ReplaySet set = new ReplaySet(capacity, random.nextLong(), random.nextLong())) {
                final Set<Tag> model = new HashSet<>();
                for (int step = 0; step < 1_000; step++) {
                    // Few values, so that duplicates are common, and zero words too.
                    final Tag tag = new Tag(random.nextLong(bound), random.nextLong(bound));
                    final int expected = model.contains(tag)
                            ? ReplaySet.DUPLICATE
                            : model.size() == capacity ? ReplaySet.FULL : ReplaySet.ADDED;
                    if (expected == ReplaySet.ADDED) {
                        model.add(tag);
                    }
                    assertThat(set.insert(tag.low(), tag.high()))
                            .as("seed=%d, step=%d, %s", seed, step, tag)
                            .isEqualTo(expected);
                    assertThat(set.size()).isEqualTo(model.size());
                }
            }
        }
    }

    @Test
    void insertsABatchAsIfOneByOne() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] lows = new long[ReplaySet.MAX_BATCH];
        final long[] highs = new long[ReplaySet.MAX_BATCH];
        final int[] outcomes = new int[ReplaySet.MAX_BATCH];
        try (ReplaySet batched = new ReplaySet(5_000, 1, 2);
                ReplaySet single = new ReplaySet(5_000, 1, 2)) {
            for (int round = 0; round < 200; round++) {
                final int count = random.nextInt(ReplaySet.MAX_BATCH + 1);
                for (int i = 0; i < count; i++) {
                    lows[i] = random.nextLong(100);
                    highs[i] = random.nextLong(100);
                }
                batched.insertAll(count, lows, highs, outcomes);
                for (int i = 0; i < count; i++) {
                    assertThat(outcomes[i]).as("seed=%d", seed).isEqualTo(single.insert(lows[i], highs[i]));
                }
            }
            assertThat(batched.size()).isEqualTo(single.size()).isEqualTo(5_000);
        }
    }

    @Test
    void findsATagThatOccursTwiceInOneBatch() {
        try (ReplaySet set = new ReplaySet(10, 1, 2)) {
            final int[] outcomes = new int[4];
            set.insertAll(4, new long[] {7, 0, 7, 0}, new long[] {8, 0, 8, 0}, outcomes);

            assertThat(outcomes)
                    .containsExactly(ReplaySet.ADDED, ReplaySet.ADDED, ReplaySet.DUPLICATE, ReplaySet.DUPLICATE);
        }
    }

    @Test
    void takesTheAllZeroTagOnce() {
        try (ReplaySet set = new ReplaySet(2, 1, 2)) {
            assertThat(set.insert(0, 0)).isEqualTo(ReplaySet.ADDED);
            assertThat(set.insert(0, 0)).isEqualTo(ReplaySet.DUPLICATE);
            assertThat(set.insert(0, 1)).isEqualTo(ReplaySet.ADDED);
            assertThat(set.insert(1, 0)).isEqualTo(ReplaySet.FULL);
        }
    }

    @Test
    void stillRecognisesReplaysWhenItIsFull() {
        try (ReplaySet set = new ReplaySet(1_000, 1, 2)) {
            for (int i = 1; i <= 1_000; i++) {
                assertThat(set.insert(i, i)).isEqualTo(ReplaySet.ADDED);
            }
            for (int i = 1; i <= 1_000; i++) {
                assertThat(set.insert(i, i)).isEqualTo(ReplaySet.DUPLICATE);
                assertThat(set.insert(i, -i)).isEqualTo(ReplaySet.FULL);
            }
            assertThat(set.insert(0, 0)).isEqualTo(ReplaySet.FULL);
            assertThat(set.size()).isEqualTo(1_000);
        }
    }

    /** Half of a tag in common, or the halves swapped, is another tag. */
    @Test
    void comparesAllSixteenBytes() {
        try (ReplaySet set = new ReplaySet(300, 1, 2)) {
            assertThat(set.insert(5, 6)).isEqualTo(ReplaySet.ADDED);
            assertThat(set.insert(6, 5)).isEqualTo(ReplaySet.ADDED);
            for (int bit = 0; bit < Long.SIZE; bit++) {
                assertThat(set.insert(5 ^ (1L << bit), 6)).isEqualTo(ReplaySet.ADDED);
                assertThat(set.insert(5, 6 ^ (1L << bit))).isEqualTo(ReplaySet.ADDED);
            }
        }
    }

    @Test
    void statesItsMemoryAndGivesItBack() {
        final long before = TrackedArena.liveBytes();
        try (ReplaySet set = new ReplaySet(1_000_000, 1, 2)) {
            assertThat(set.capacity()).isEqualTo(1_000_000);
            assertThat(set.memoryLength()).isBetween(21_300_000L, 21_400_000L);
            assertThat(TrackedArena.liveBytes() - before).isEqualTo(set.memoryLength());
        }
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }

    @Test
    void allocatesNothingPerTag() {
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long[] lows = new long[64];
        final long[] highs = new long[64];
        final int[] outcomes = new int[64];
        long allocated = Long.MAX_VALUE;
        try (ReplaySet set = new ReplaySet(2_000_000, 1, 2)) {
            long tag = 0;
            for (int round = 0; round < 10; round++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int batch = 0; batch < 1_000; batch++) {
                    for (int i = 0; i < 64; i++) {
                        lows[i] = tag++;
                        set.insert(tag, 1);
                    }
                    set.insertAll(64, lows, highs, outcomes);
                }
                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
            }
        }
        assertThat(allocated).isLessThan(128);
    }

    @Test
    void refusesCapacitiesThatMakeNoSense() {
        assertThatThrownBy(() -> new ReplaySet(0, 1, 2)).hasMessageContaining("capacity=0");
        assertThatThrownBy(() -> new ReplaySet(ReplaySet.MAX_CAPACITY + 1, 1, 2))
                .hasMessageContaining("capacity=4294967297");
    }
}
