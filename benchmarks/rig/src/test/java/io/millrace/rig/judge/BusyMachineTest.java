package io.millrace.rig.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A relay that runs in slices, because others have its core meanwhile, keeps its promises; one that cheats does not. The
 * neighbours that send packets run in the same slices.
 */
class BusyMachineTest {
    private static final DelayDistribution LAW = DelayDistribution.exponential(1_000_000, 10_000_000);
    private static final int PACKETS = 20_000;
    private static final double MEAN_NS = 1_000_000;
    private static final double RUNS_NS = 4_000_000;
    private static final double AWAY_NS = 2_000_000;
    private static final double GAP_NS = 250_000;
    private static final long OWN_NS = 20_000;

    /** When the relay runs next, at {@code ns} or later, if it runs and is away for random times in turn. */
    private static final class Slices {
        private final SplittableRandom random;
        private double[] begins = new double[1 << 15];
        private double[] ends = new double[1 << 15];
        private int count;

        Slices(SplittableRandom random, double untilNs) {
            this.random = random;
            double now = 0;
            while (now < untilNs) {
                if (count == begins.length) {
                    begins = Arrays.copyOf(begins, 2 * count);
                    ends = Arrays.copyOf(ends, 2 * count);
                }
                begins[count] = now;
                now += exponential(random, RUNS_NS);
                ends[count++] = now;
                now += exponential(this.random, AWAY_NS);
            }
        }

        double next(double ns) {
            int slice = Arrays.binarySearch(ends, 0, count, ns);
            slice = slice < 0 ? -slice - 1 : slice;
            return slice < count ? Math.max(ns, begins[slice]) : ns;
        }
    }

    private static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    /** The relay keeps packets for {@code factor} times their delays. */
    private static DelayJudgement judge(double factor, long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Slices slices = new Slices(random.split(), (PACKETS + 1_000) * GAP_NS);
        final long[] arrived = new long[PACKETS];
        final long[] left = new long[PACKETS];
        final long[] delays = new long[PACKETS];
        double now = 0;
        for (int i = 0; i < PACKETS; i++) {
            now += exponential(random, GAP_NS);
            do {
                delays[i] = (long) exponential(random, MEAN_NS);
            } while (delays[i] > 10 * MEAN_NS);
            final double sent = slices.next(now);
            arrived[i] = (long) sent;
            left[i] = (long) slices.next(sent + factor * delays[i]) + OWN_NS;
        }
        return DelayJudgement.of(Passages.of(arrived, left, delays), LAW, 0, 1, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anHonestRelayPasses(long seed) {
        final DelayJudgement judgement = judge(1, seed);

        assertThat(judgement.emittedSlope())
                .as("above the bound that holds on an idle machine: %s", judgement)
                .isGreaterThan(2 - judgement.slopeLeast());
        assertThat(judgement.passed()).as("%s", judgement).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.8, 2})
    void anotherMultipleOfTheDelaysIsRefused(double factor) {
        final DelayJudgement judgement = judge(factor, 1);

        assertThat(judgement.passed()).as("%s", judgement).isFalse();
    }
}
