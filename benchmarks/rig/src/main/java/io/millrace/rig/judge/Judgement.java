package io.millrace.rig.judge;

import io.millrace.vrf.DelayDistribution;

/**
 * Everything that is judged of one interval.
 *
 * @param delays whether packets left when the disclosed law says so.
 * @param anonymity how often an attack finds the arrival of a departure.
 * @param order whether packets of one tick leave in the order of their arrival.
 */
public record Judgement(DelayJudgement delays, AnonymityJudgement anonymity, OrderJudgement order) {
    /**
     * Place of a judgement in its run.
     *
     * @param part its number, 0 to {@code parts} - 1.
     * @param parts judgements in the run, 1 or more.
     * @param seed of the judgement's random choices.
     */
    public record Place(int part, int parts, long seed) {}

    /**
     * Judges one interval.
     *
     * @param passages of the packets that the receiver saw; at least one for each judgement of the run.
     * @param declared the law that the relay has announced.
     * @param tickNs resolution of the relay's delay wheel.
     * @param place of this judgement in the run.
     * @return the judgement.
     */
    public static Judgement of(Passages passages, DelayDistribution declared, long tickNs, Place place) {
        return new Judgement(
                DelayJudgement.of(passages, declared, place.part(), place.parts(), place.seed()),
                AnonymityJudgement.of(passages, declared, place.parts(), place.seed()),
                OrderJudgement.of(passages, declared, tickNs, place.parts(), place.seed()));
    }

    /** Whether the relay kept its promises. */
    public boolean passed() {
        return delays.passed() && anonymity.passed() && order.passed();
    }
}
