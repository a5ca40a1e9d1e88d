package io.millrace.rig.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.vrf.DelayDistribution;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An honest relay passes, and every {@link Mutant} is refused, from times of arrival and departure alone. */
class JudgementTest {
    private static final DelayDistribution EXPONENTIAL = DelayDistribution.parse("exponential(1ms,10ms)");
    private static final DelayDistribution UNIFORM = DelayDistribution.parse("uniform(0ns,2ms)");
    private static final int PACKETS = 20_000;
    private static final double LIGHT = 4_000;
    private static final double BUSY = 40_000;
    private static final int PARTS = 4;

    @ParameterizedTest
    @CsvSource({
        "'exponential(1ms,10ms)', 4000",
        "'exponential(1ms,10ms)', 40000",
        "'exponential(50ms,500ms)', 1000",
        "'uniform(0ns,2ms)', 4000",
        "'uniform(1ms,3ms)', 20000"
    })
    void anHonestRelayPasses(String law, double rate) {
        for (long seed = 1; seed <= 8; seed++) {
            final Judgement judgement = judge(DelayDistribution.parse(law), UNIFORM, null, rate, seed);

            assertThat(judgement.passed()).as("seed %d: %s", seed, judgement).isTrue();
            assertThat(judgement.delays().earlyShare()).as("seed %d", seed).isZero();
            assertThat(judgement.delays().emittedSlope()).as("seed %d", seed).isCloseTo(1, within(0.05));
            assertThat(judgement.anonymity().attackSuccess())
                    .as("seed %d: %s", seed, judgement)
                    .isLessThan(0.5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMutantIsRefused(Mutant mutant) {
        // Ticks have several packets only where packets are many.
        final double rate = mutant == Mutant.TICK_ORDER ? BUSY : LIGHT;
        for (long seed = 1; seed <= 3; seed++) {
            final Judgement judgement = judge(EXPONENTIAL, UNIFORM, mutant, rate, seed);

            assertThat(judgement.passed()).as("seed %d: %s", seed, judgement).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMutantOfUniformDelaysIsRefusedToo(Mutant mutant) {
        final double rate = mutant == Mutant.TICK_ORDER ? BUSY : LIGHT;
        final Judgement judgement = judge(UNIFORM, EXPONENTIAL, mutant, rate, 1);

        assertThat(judgement.passed()).as("%s", judgement).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_DELAY", "EQUAL_DELAYS", "FROZEN_EPOCH", "WRONG_LAW", "HALVED"})
    void aMutantOfAllPacketsIsRefusedAtAHighRateToo(Mutant mutant) {
        final Judgement judgement = judge(EXPONENTIAL, UNIFORM, mutant, BUSY, 1);

        assertThat(judgement.delays().passed()).as("%s", judgement).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_DELAY", "EQUAL_DELAYS"})
    void arrivalsAreFoundOfARelayThatDoesNotMix(Mutant mutant) {
        // Slower than a packet takes, or two of them may change places in the queue.
        final AnonymityJudgement anonymity =
                judge(EXPONENTIAL, UNIFORM, mutant, 500, 1).anonymity();

        assertThat(anonymity.attackSuccess()).as("%s", anonymity).isGreaterThan(0.95);
        assertThat(anonymity.idealSuccess()).as("%s", anonymity).isLessThan(0.85);
        assertThat(anonymity.entropyBitsMean()).as("%s", anonymity).isLessThan(0.3);
        assertThat(anonymity.passed()).isFalse();
    }

    /** Which part of the judgement notices: the table in the documentation. */
    @ParameterizedTest
    @CsvSource({
        "NO_DELAY,     delays anonymity",
        "EQUAL_DELAYS, delays anonymity",
        "FROZEN_EPOCH, delays",
        "WRONG_LAW,    delays",
        "HALVED,       delays anonymity",
        "EARLY_1PCT,   delays",
        "FRONT_1PCT,   delays"
    })
    void thePartsOfTheJudgementNotice(Mutant mutant, String parts) {
        final Judgement judgement = judge(EXPONENTIAL, UNIFORM, mutant, LIGHT, 1);

        final Set<Part> noticed = EnumSet.noneOf(Part.class);
        if (!judgement.delays().passed()) {
            noticed.add(Part.DELAYS);
        }
        if (!judgement.anonymity().passed()) {
            noticed.add(Part.ANONYMITY);
        }
        final Set<Part> expected = EnumSet.noneOf(Part.class);
        for (String part : parts.split(" ", -1)) {
            expected.add(Part.valueOf(part.toUpperCase(java.util.Locale.ROOT)));
        }
        assertThat(noticed).as("%s", judgement).isEqualTo(expected);
    }

    private enum Part {
        DELAYS,
        ANONYMITY
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 20})
    void theFalseAlarmRateOfARunIsSharedOut(int tests) {
        assertThat(tests * FalseAlarms.significance(tests)).isCloseTo(1e-5, within(1e-12));
    }

    private static Judgement judge(
            DelayDistribution law, DelayDistribution otherLaw, Mutant mutant, double rate, long seed) {
        return Judgement.of(
                SimulatedRelay.passages(law, otherLaw, mutant, PACKETS, rate, seed),
                law,
                SimulatedRelay.TICK_NS,
                new Judgement.Place((int) (seed % PARTS), PARTS, seed));
    }
}
