package io.millrace.rig.judge;

import io.millrace.vrf.DelayDistribution;
import java.util.SplittableRandom;

/**
 * Whether packets left when the disclosed law says so. Three questions: do the disclosed delays follow the declared law, did
 * a packet leave early, and does the time that packets spend follow their delays.
 *
 * <p>The relay's own time (the queue, the work, the wheel's tick, the wire) is added to every delay and differs between
 * machines, so times spent are not compared with the law itself. An honest relay's own time hardly depends on the packet's
 * delay. Two figures measure a dependence. {@code emittedStatistic} is the Kolmogorov-Smirnov distance between the times spent
 * and the times that result if the same delays are dealt out anew, at random. {@code emittedSlope} is the regression of time
 * spent on delay: 1 for an honest relay, 0 if delays are ignored, 0.5 if they are halved.
 *
 * <p>On a busy machine the relay runs in slices. A packet that arrives in a slice and is due at once leaves in the same slice;
 * the longer its delay, the likelier it has to wait for another. This raises the slope by the mean own time, divided by the
 * mean delay, at most.
 *
 * @param packets judged.
 * @param drawnStatistic Kolmogorov-Smirnov distance of the disclosed delays from the declared law.
 * @param drawnPValue its probability if they follow the law; fails below {@code significance}.
 * @param significance share of this test in the run's false-alarm rate.
 * @param emittedStatistic see above.
 * @param emittedBound largest value that passes: {@value #EMITTED_BOUND} and the sampling error at {@code significance}.
 * @param emittedSlope see above.
 * @param slopeLeast smallest slope that passes: {@value #SLOPE_BOUND} and the sampling error below 1.
 * @param slopeMost largest slope that passes: as far above 1, and the mean own time divided by the mean delay.
 * @param earlyShare packets that left before their delay had passed, as a share of all.
 * @param earlyBound largest share that passes.
 * @param passed whether all of it holds.
 */
public record DelayJudgement(
        int packets,
        double drawnStatistic,
        double drawnPValue,
        double significance,
        double emittedStatistic,
        double emittedBound,
        double emittedSlope,
        double slopeLeast,
        double slopeMost,
        double earlyShare,
        double earlyBound,
        boolean passed) {
    private static final double EMITTED_BOUND = 0.03;
    private static final double SLOPE_BOUND = 0.1;
    private static final double EARLY_BOUND = 0.001;
    private static final double ROUNDING = 1e6;

    /**
     * Judges packets.
     *
     * @param passages of the packets that the receiver saw; 1 or more.
     * @param declared the law that the relay has announced.
     * @param part number of this judgement in the run, 0 to {@code parts} - 1: the p-value is taken from the packets whose
     *     index has that remainder, so that no two p-values of a run share a packet.
     * @param parts judgements of the run, 1 or more.
     * @param seed of the dealing.
     * @return the judgement.
     */
    public static DelayJudgement of(Passages passages, DelayDistribution declared, int part, int parts, long seed) {
        final double significance = FalseAlarms.significance(parts);
        final Passages own = passages.part(part, parts);
        if (own.count() == 0) {
            throw new IllegalArgumentException("no packet to judge: packets=" + passages.count() + ", parts=" + parts);
        }
        final KolmogorovSmirnov drawn = KolmogorovSmirnov.test(own.delaysNs(), declared);
        final double emitted = KolmogorovSmirnov.distance(passages.spentNs(), dealtAnew(passages, seed));
        final double emittedBound = EMITTED_BOUND + Math.sqrt(Math.log(2 / significance) / passages.count());
        final Slope slope = Slope.of(passages);
        final double slopeBound = SLOPE_BOUND + FalseAlarms.deviations(significance) * slope.error();
        final double slopeLeast = 1 - slopeBound;
        final double slopeMost = 1 + slopeBound + slope.owns();
        final double early = earlyShare(passages);
        return new DelayJudgement(
                passages.count(),
                rounded(drawn.statistic()),
                rounded(drawn.pValue()),
                significance,
                rounded(emitted),
                rounded(emittedBound),
                rounded(slope.value()),
                rounded(slopeLeast),
                rounded(slopeMost),
                rounded(early),
                EARLY_BOUND,
                drawn.pValue() >= significance
                        && emitted <= emittedBound
                        && slope.value() >= slopeLeast
                        && slope.value() <= slopeMost
                        && early <= EARLY_BOUND);
    }

    private static double earlyShare(Passages passages) {
        int early = 0;
        for (int i = 0; i < passages.count(); i++) {
            if (passages.ownNs(i) < 0) {
                early++;
            }
        }
        return (double) early / passages.count();
    }

    private static long[] dealtAnew(Passages passages, long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] delays = passages.delaysNs();
        for (int i = delays.length - 1; i > 0; i--) {
            final int other = random.nextInt(i + 1);
            final long delay = delays[i];
            delays[i] = delays[other];
            delays[other] = delay;
        }
        for (int i = 0; i < delays.length; i++) {
            delays[i] += passages.ownNs(i);
        }
        return delays;
    }

    private static double rounded(double value) {
        return Math.round(value * ROUNDING) / ROUNDING;
    }

    /**
     * Regression of time spent on delay by least squares. Given the relay's own times, delays are dealt at random, so the
     * error below holds however these times depend on each other.
     *
     * @param value 1 for a law of constant delays, which has no slope.
     * @param error standard error.
     * @param owns mean own time, divided by the mean delay; 0 if that is 0.
     */
    private record Slope(double value, double error, double owns) {
        static Slope of(Passages passages) {
            final int count = passages.count();
            double delays = 0;
            double owns = 0;
            for (int i = 0; i < count; i++) {
                delays += passages.delayNs(i);
                owns += passages.ownNs(i);
            }
            double square = 0;
            double product = 0;
            double ownSquare = 0;
            for (int i = 0; i < count; i++) {
                final double delay = passages.delayNs(i) - delays / count;
                final double own = passages.ownNs(i) - owns / count;
                square += delay * delay;
                product += delay * own;
                ownSquare += own * own;
            }
            return square == 0
                    ? new Slope(1, 0, 0)
                    : new Slope(
                            1 + product / square, Math.sqrt(ownSquare / square / count), Math.max(0, owns / delays));
        }
    }
}
