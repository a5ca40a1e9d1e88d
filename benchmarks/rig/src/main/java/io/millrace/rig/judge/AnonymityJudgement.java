package io.millrace.rig.judge;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Share of packets that an attack finds among the departures. The attack knows all times of arrival and departure, and how
 * long packets stay; it is told afterwards which departure belonged to which arrival.
 *
 * <p>For comparison an ideal mix is simulated: the same arrivals, delays of the declared law drawn anew, and no time of the
 * relay's. An honest relay adds times to the delays, which hides more, so the attack must not succeed much more often than
 * against the ideal mix.
 *
 * @param packets attacked, the first of the interval.
 * @param entropyBitsMean mean entropy of a departure in bits, from the times that packets were seen to stay.
 * @param entropyBitsP1 entropy that 99 % of the departures exceed.
 * @param effectiveSetMedian two to the median entropy: as many equally likely packets would hide one as well.
 * @param attackSuccess departures whose arrival the attack found, as a share of all.
 * @param chance the same for a guess among the packets inside the ideal mix at that moment.
 * @param idealSuccess the same for the attack on the ideal mix.
 * @param attackBound largest {@code attackSuccess} that passes: {@code idealSuccess}, {@value #SLACK}, and the sampling error.
 * @param passed whether it does.
 */
public record AnonymityJudgement(
        int packets,
        double entropyBitsMean,
        double entropyBitsP1,
        double effectiveSetMedian,
        double attackSuccess,
        double chance,
        double idealSuccess,
        double attackBound,
        boolean passed) {
    private static final int ENTROPIES = 2_000;
    private static final int PACKETS_MAX = 100_000;
    private static final double SLACK = 0.05;
    private static final double ROUNDING = 1e4;

    /**
     * Judges packets.
     *
     * @param all packets that the receiver saw; 1 or more.
     * @param declared the law that the relay has announced.
     * @param judgements of the run, 1 or more: they share its false-alarm rate.
     * @param seed of the simulation and of the choice of departures.
     * @return the judgement.
     */
    public static AnonymityJudgement of(Passages all, DelayDistribution declared, int judgements, long seed) {
        if (all.count() == 0) {
            throw new IllegalArgumentException("no packet to judge");
        }
        final SplittableRandom random = new SplittableRandom(seed);
        final Passages passages = all.first(PACKETS_MAX);
        final Passages ideal = IdealMix.of(passages, declared, random.nextLong());
        final double success = MatchingAttack.success(passages);
        final double idealSuccess = MatchingAttack.success(ideal);
        final double error = Math.sqrt(idealSuccess * (1 - idealSuccess) / passages.count());
        final double bound = Math.min(
                1, idealSuccess + SLACK + FalseAlarms.deviations(FalseAlarms.significance(judgements)) * 2 * error);
        final double[] bits = MixEntropy.bits(passages, ObservedLaw.of(passages.spentNs()), ENTROPIES, random);
        return new AnonymityJudgement(
                passages.count(),
                rounded(Arrays.stream(bits).average().orElse(0)),
                rounded(bits[ENTROPIES / 100]),
                rounded(Math.pow(2, bits[ENTROPIES / 2])),
                rounded(success),
                rounded(IdealMix.chance(ideal)),
                rounded(idealSuccess),
                rounded(bound),
                success <= bound);
    }

    private static double rounded(double value) {
        return Math.round(value * ROUNDING) / ROUNDING;
    }
}
