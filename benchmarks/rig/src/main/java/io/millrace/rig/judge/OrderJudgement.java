package io.millrace.rig.judge;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Whether packets that leave at almost the same time leave in the order of their arrival. A delay wheel collects the packets
 * of one tick, and must shuffle them: their order would tell an observer which of them arrived first.
 *
 * <p>Counts pairs of departures that follow each other on a link within a tick, where the later one had arrived before
 * the earlier one left. {@code inOrderShare} of them left in the order of arrival; {@code idealShare} is the same for
 * an ideal mix with a shuffling wheel, simulated on the same arrivals.
 *
 * @param pairs counted.
 * @param inOrderShare 0 to 1; 0.5 is expected of exponential delays.
 * @param idealShare 0 to 1.
 * @param bound largest {@code inOrderShare} that passes: {@code idealShare}, {@value #SLACK}, and the sampling error.
 * @param passed whether it does, or there are fewer than {@value #PAIRS_MIN} pairs.
 */
public record OrderJudgement(int pairs, double inOrderShare, double idealShare, double bound, boolean passed) {
    private static final int PAIRS_MIN = 500;
    private static final double SLACK = 0.05;
    private static final double ROUNDING = 1e4;

    /**
     * Judges packets.
     *
     * @param passages of the packets that the receiver saw; departures at one instant are distinguished by at least a
     *     nanosecond, in the order in which they came.
     * @param declared the law that the relay has announced.
     * @param tickNs resolution of the relay's delay wheel, 1 ns or more.
     * @param judgements of the run, 1 or more: they share its false-alarm rate.
     * @param seed of the simulation.
     * @return the judgement.
     */
    public static OrderJudgement of(
            Passages passages, DelayDistribution declared, long tickNs, int judgements, long seed) {
        final Pairs seen = Pairs.of(passages, tickNs);
        final Pairs ideal = Pairs.of(shuffled(passages, declared, tickNs, seed), tickNs);
        final double error = 1 / Math.sqrt(Math.max(1, Math.min(seen.all(), ideal.all())));
        final double bound = Math.min(
                1, ideal.share() + SLACK + FalseAlarms.deviations(FalseAlarms.significance(judgements)) * error);
        return new OrderJudgement(
                seen.all(),
                rounded(seen.share()),
                rounded(ideal.share()),
                rounded(bound),
                seen.all() < PAIRS_MIN || seen.share() <= bound);
    }

    /** An ideal mix, but that a packet leaves with the tick that follows, at a random place among the tick's packets. */
    private static Passages shuffled(Passages passages, DelayDistribution law, long tickNs, long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] leftNs = new long[passages.count()];
        Arrays.setAll(leftNs, index -> {
            final long due = passages.arrivedNs(index) + law.delayNs(random.nextLong());
            return Math.ceilDiv(due, tickNs) * tickNs + random.nextLong(Math.max(1, tickNs / 2));
        });
        return passages.leaving(leftNs);
    }

    private static double rounded(double value) {
        return Math.round(value * ROUNDING) / ROUNDING;
    }

    private record Pairs(int all, int inOrder) {
        static Pairs of(Passages passages, long tickNs) {
            final int[] departures = passages.byDeparture();
            final Map<Integer, Integer> lastByLink = new HashMap<>();
            int all = 0;
            int inOrder = 0;
            for (int later : departures) {
                final Integer earlier = lastByLink.put(passages.link(later), later);
                if (earlier == null) {
                    continue;
                }
                final long leftNs = passages.leftNs(earlier);
                if (passages.leftNs(later) - leftNs <= tickNs && passages.arrivedNs(later) < leftNs) {
                    all++;
                    if (earlier < later) {
                        inOrder++;
                    }
                }
            }
            return new Pairs(all, inOrder);
        }

        double share() {
            return all == 0 ? 0 : (double) inOrder / all;
        }
    }
}
