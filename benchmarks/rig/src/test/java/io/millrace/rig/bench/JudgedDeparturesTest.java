package io.millrace.rig.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.rig.judge.Judgement;
import io.millrace.rig.judge.Passages;
import io.millrace.vrf.DelayDistribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Departures that only a busy machine spoils are judged again; a relay that cheats is refused. */
class JudgedDeparturesTest {
    private static final DelayDistribution LAW = DelayDistribution.exponential(1_000_000, 10_000_000);
    private static final int PACKETS = 4_000;

    private final List<String> told = new ArrayList<>();
    private final List<Integer> times = new ArrayList<>();

    /** A relay of which the packets stay for {@code part} of their delays and for {@code ownNs}. */
    private static Judgement judge(double part, long ownNs) {
        final SplittableRandom random = new SplittableRandom(7);
        final long[] arrived = new long[PACKETS];
        final long[] left = new long[PACKETS];
        final long[] delays = new long[PACKETS];
        Arrays.setAll(delays, index -> {
            long delay;
            do {
                delay = (long) (-Math.log(1 - random.nextDouble()) * 1_000_000);
            } while (delay > 10_000_000);
            return delay;
        });
        for (int i = 0; i < PACKETS; i++) {
            arrived[i] = i * 250_000L;
            left[i] = arrived[i] + (long) (part * delays[i]) + ownNs;
        }
        return Judgement.of(Passages.of(arrived, left, delays), LAW, 1, new Judgement.Place(0, 1, 1));
    }

    private JudgedDepartures judged(Judgement... each) throws InterruptedException {
        return JudgedDepartures.of(
                time -> {
                    times.add(time);
                    return each[time - 1];
                },
                told::add);
    }

    @Test
    void oneJudgementIsEnoughOfAnHonestRelay() throws InterruptedException {
        final JudgedDepartures honest = judged(judge(1, 20_000));

        assertThat(honest.judgement().passed()).as("%s", honest).isTrue();
        assertThat(honest.times()).isOne();
        assertThat(told).isEmpty();
    }

    @Test
    void aBusyMachineGetsAnotherTry() throws InterruptedException {
        final Judgement late = judge(0.5, 20_000_000);
        assertThat(late.passed()).isFalse();
        assertThat(late.delays().earlyShare()).isZero();

        final JudgedDepartures judged = judged(late, judge(1, 20_000));

        assertThat(judged.judgement().passed()).isTrue();
        assertThat(judged.times()).isEqualTo(2);
        assertThat(told).hasSize(1);
    }

    @Test
    void theThirdRefusalIsTheLast() throws InterruptedException {
        final Judgement late = judge(0.5, 20_000_000);

        assertThat(judged(late, late, late).judgement().passed()).isFalse();
        assertThat(times).containsExactly(1, 2, 3);
    }

    @Test
    void packetsThatLeaveEarlyAreRefusedAtOnce() throws InterruptedException {
        final JudgedDepartures early = judged(judge(0.5, 20_000), judge(1, 20_000));

        assertThat(early.judgement().passed()).isFalse();
        assertThat(early.times()).isOne();
    }
}
