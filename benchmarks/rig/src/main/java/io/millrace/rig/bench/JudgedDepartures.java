package io.millrace.rig.bench;

import io.millrace.rig.judge.DelayJudgement;
import io.millrace.rig.judge.Judgement;
import java.util.function.Consumer;

/**
 * The judgement of a run's departures. A busy machine holds packets up, and long stops spoil the comparison of the times
 * spent with the delays; it lets no packet leave early and draws no other delays. So departures that were refused although
 * hardly any left early and the delays follow the law are judged again with new packets. A relay that cheats is refused
 * each time.
 *
 * @param judgement the last one.
 * @param times how many times packets were sent and judged, 1 to {@value #TIMES_MAX}.
 */
record JudgedDepartures(Judgement judgement, int times) {
    static final int TIMES_MAX = 3;

    /** Sends packets at a light load and judges their departures. */
    @FunctionalInterface
    interface Trial {
        Judgement judge(int time) throws InterruptedException;
    }

    /**
     * Judges until a judgement passes, or packets left early, or the delays do not follow the law, three times at most.
     *
     * @param trial of one time, 1 to {@value #TIMES_MAX}.
     * @param progress hears why it is judged again, a line each time.
     * @return the last judgement.
     */
    static JudgedDepartures of(Trial trial, Consumer<String> progress) throws InterruptedException {
        for (int time = 1; ; time++) {
            final Judgement judgement = trial.judge(time);
            final DelayJudgement delays = judgement.delays();
            final boolean cheats =
                    delays.earlyShare() > delays.earlyBound() || delays.drawnPValue() < delays.significance();
            if (judgement.passed() || cheats || time == TIMES_MAX) {
                return new JudgedDepartures(judgement, time);
            }
            progress.accept("refused, though no packets left early: a busy machine does that too; judging again");
        }
    }
}
