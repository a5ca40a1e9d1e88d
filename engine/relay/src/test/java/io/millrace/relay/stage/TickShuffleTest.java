package io.millrace.relay.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TickShuffleTest {
    private static final int DRAWS = 70_000;

    /** Exceeded by chance less than once in 10^8: 6 degrees of freedom. */
    private static final double CHI_SQUARE_BOUND = 50;

    @Test
    void numbersBelowABoundAreUniformAcrossRefills() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        try (Arena arena = Arena.ofConfined();
                TickShuffle shuffle = new TickShuffle(arena, segment -> fill(segment, random))) {
            final int[] counts = new int[7];
            for (int i = 0; i < DRAWS; i++) {
                counts[shuffle.below(7)]++;
            }
            double sum = 0;
            for (final int count : counts) {
                sum += Math.pow(count - DRAWS / 7.0, 2) / (DRAWS / 7.0);
            }
            assertThat(sum).as("seed=" + seed).isLessThan(CHI_SQUARE_BOUND);
            for (int bound = 2; bound < 5_000; bound++) {
                assertThat(shuffle.below(bound)).as("seed=" + seed).isBetween(0, bound - 1);
            }
        }
    }

    @Test
    void twoKeysGiveTwoStreams() {
        final SplittableRandom random = new SplittableRandom(5);
        try (Arena arena = Arena.ofConfined();
                TickShuffle one = new TickShuffle(arena, segment -> fill(segment, random));
                TickShuffle other = new TickShuffle(arena, segment -> fill(segment, random))) {
            int same = 0;
            for (int i = 0; i < 3_000; i++) {
                same += one.below(1 << 20) == other.below(1 << 20) ? 1 : 0;
            }
            assertThat(same).isLessThan(10);
        }
    }

    private static void fill(MemorySegment segment, SplittableRandom random) {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
    }
}
