package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelayDistributionTest {
    private static final long SEED = 20_240_817;
    private static final int SAMPLES = 200_000;
    private static final long DAY_NS = DelayDistribution.LIMIT_NS;

    @ParameterizedTest
    @CsvSource({
        "1000000, 10000000",
        "1000000, 1000000",
        "1000000, 100000",
        "50000, 1000000000",
        "3, 7",
        "1, 86400000000000"
    })
    void exponentialFollowsTheTruncatedDistribution(long meanNs, long capNs) {
        final DelayDistribution distribution = DelayDistribution.exponential(meanNs, capNs);
        final SplittableRandom random = new SplittableRandom(SEED);

        KolmogorovSmirnov.assertFollows(
                SAMPLES, () -> distribution.delayNs(random.nextLong()), KolmogorovSmirnov.exponential(meanNs, capNs));
    }

    @ParameterizedTest
    @CsvSource({"0, 5000000", "1000000, 1000007", "0, 1", "30000000, 150000000", "0, 86400000000000"})
    void uniformFollowsItsDistribution(long minNs, long maxNs) {
        final DelayDistribution distribution = DelayDistribution.uniform(minNs, maxNs);
        final SplittableRandom random = new SplittableRandom(SEED);

        KolmogorovSmirnov.assertFollows(
                SAMPLES, () -> distribution.delayNs(random.nextLong()), KolmogorovSmirnov.uniform(minNs, maxNs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exponential(1ms,10ms)", "exponential(3ns,7ns)", "uniform(0ns,5ms)", "uniform(10ns,20ns)"})
    void cumulativeRisesFromZeroToOneAndIsTheIntegralOfTheDensity(String text) {
        final DelayDistribution distribution = DelayDistribution.parse(text);
        final long max = distribution.maxNs();
        assertThat(distribution.cumulative(distribution.minNs() - 1)).isZero();
        assertThat(distribution.cumulative(max)).isEqualTo(1);
        assertThat(distribution.density(-1)).isZero();
        assertThat(distribution.density(max + 1)).isZero();

        final long step = Math.max(1, max / 1_000);
        for (long ns = distribution.minNs(); ns + step <= max; ns += step) {
            final double mass = distribution.cumulative(ns + step) - distribution.cumulative(ns);
            final double middle = distribution.density(ns + step / 2);
            assertThat(mass).isCloseTo(middle * step, within(middle * step * 0.2 + 1e-12));
        }
    }

    @Test
    void theTestItselfTellsNeighbouringDistributionsApart() {
        final DelayDistribution distribution = DelayDistribution.exponential(1_000_000, 10_000_000);
        final SplittableRandom random = new SplittableRandom(SEED);

        // 2 % another mean, and an exponential that piles up its tail at the cap instead of being conditioned.
        KolmogorovSmirnov.assertDoesNotFollow(
                SAMPLES,
                () -> distribution.delayNs(random.nextLong()),
                KolmogorovSmirnov.exponential(1_020_000, 10_000_000));
        final DelayDistribution short1 = DelayDistribution.exponential(1_000_000, 4_000_000);
        final DelayDistribution long1 = DelayDistribution.exponential(1_000_000, 100_000_000);
        KolmogorovSmirnov.assertDoesNotFollow(
                SAMPLES,
                () -> Math.min(long1.delayNs(random.nextLong()), short1.maxNs()),
                KolmogorovSmirnov.exponential(1_000_000, 4_000_000));
    }

    @Test
    void exponentialHasNoAtomAtTheCap() {
        final DelayDistribution distribution = DelayDistribution.exponential(1_000_000, 1_000_000);
        final SplittableRandom random = new SplittableRandom(SEED);
        int nearCap = 0;
        for (int i = 0; i < SAMPLES; i++) {
            if (distribution.delayNs(random.nextLong()) >= 999_000) {
                nearCap++;
            }
        }
        // The last thousandth before the cap has probability 0.001 / (e - 1) = 5.8e-4, that is 116 samples.
        assertThat(nearCap).isBetween(70, 170);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exponential(1ms,10ms)",
                "exponential(1ns,1ns)",
                "exponential(1ns,86400s)",
                "exponential(86400s,1ns)",
                "exponential(86400s,86400s)",
                "uniform(0ns,5ms)",
                "uniform(0ns,0ns)",
                "uniform(7us,7us)",
                "uniform(0ns,86400s)"
            })
    void staysInRangeAtTheEdgesAndIsMonotonic(String text) {
        final DelayDistribution distribution = DelayDistribution.parse(text);
        final boolean falling = text.startsWith("exponential");
        long previous = falling ? distribution.maxNs() : distribution.minNs();
        for (BigInteger bits : edges()) {
            final long delay = distribution.delayNs(bits.longValue());
            assertThat(delay).as("bits=%s", bits.toString(16)).isBetween(distribution.minNs(), distribution.maxNs());
            assertThat(falling ? previous - delay : delay - previous).isNotNegative();
            previous = delay;
        }
    }

    @Test
    void zeroBitsAndAllOneBitsReachTheEnds() {
        final DelayDistribution exponential = DelayDistribution.exponential(1_000_000, 10_000_000);
        assertThat(exponential.delayNs(-1)).isZero();
        assertThat(exponential.delayNs(0)).isBetween(9_999_999L, 10_000_000L);
        // 2^-64 survives 64 ln 2 = 44.36 means: the tail has the resolution of all the bits.
        assertThat(DelayDistribution.exponential(1_000_000, DAY_NS).delayNs(0)).isEqualTo(44_361_419L);

        final DelayDistribution uniform = DelayDistribution.uniform(3, 9);
        assertThat(uniform.delayNs(0)).isEqualTo(3);
        assertThat(uniform.delayNs(-1)).isEqualTo(9);
    }

    @Test
    void uniformIsAsEvenAsSixtyFourBitsCanBe() {
        final SplittableRandom random = new SplittableRandom(SEED);
        final BigInteger all = BigInteger.TWO.pow(64);
        for (int round = 0; round < 2_000; round++) {
            final long count = 1 + random.nextLong(round % 2 == 0 ? 100 : 5_000_000_000L);
            final DelayDistribution distribution = DelayDistribution.uniform(11, 11 + count - 1);
            final long value = random.nextLong(count);
            final BigInteger first = firstInput(value, count, all);
            final BigInteger end = firstInput(value + 1, count, all);

            final BigInteger floor = all.divide(BigInteger.valueOf(count));
            assertThat(end.subtract(first)).as("count=%s", count).isBetween(floor, floor.add(BigInteger.ONE));
            assertThat(distribution.delayNs(first.longValue())).isEqualTo(11 + value);
            assertThat(distribution.delayNs(end.subtract(BigInteger.ONE).longValue()))
                    .isEqualTo(11 + value);
        }
    }

    @Test
    void exponentialHasTheMeanOfItsDocumentation() {
        final DelayDistribution distribution = DelayDistribution.exponential(1_000_000, 2_000_000);
        final SplittableRandom random = new SplittableRandom(SEED);
        double sum = 0;
        for (int i = 0; i < SAMPLES; i++) {
            sum += distribution.delayNs(random.nextLong());
        }
        // Standard error: 527 us / sqrt(200,000) = 1.2 us.
        assertThat(sum / SAMPLES).isCloseTo(1_000_000 - 2_000_000 / Math.expm1(2), within(6_000.0));
    }

    /** Bits and delays as a third party computes them; {@code src/docs/specs/delay.md} shows how. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "exponential(1ms,10ms); 0000000000000001; 9999999",
                "exponential(1ms,10ms); 0123456789abcdef; 5405982",
                "exponential(1ms,10ms); 8000000000000000; 693101",
                "exponential(1ms,10ms); fedcba9876543210; 4454",
                "uniform(1ms,5ms); 0123456789abcdef; 1017777",
                "uniform(1ms,5ms); fedcba9876543210; 4982223"
            })
    void givesTheSameNanosecondEverywhere(String text, String bits, long delayNs) {
        assertThat(DelayDistribution.parse(text).delayNs(Long.parseUnsignedLong(bits, 16)))
                .isEqualTo(delayNs);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exponential(1ms,10ms)",
                "exponential(1500us,2s)",
                "uniform(0ns,5ms)",
                "uniform(17ns,18ns)",
                "uniform(0ns,86400s)"
            })
    void writesWhatItReads(String text) {
        final DelayDistribution distribution = DelayDistribution.parse(text);

        assertThat(distribution).hasToString(text);
        assertThat(DelayDistribution.parse(distribution.toString())).isEqualTo(distribution);
    }

    @Test
    void readsOtherUnitsOfTheSameDuration() {
        assertThat(DelayDistribution.parse("exponential(1000us, 0010000000ns)"))
                .isEqualTo(DelayDistribution.exponential(1_000_000, 10_000_000))
                .hasSameHashCodeAs(DelayDistribution.exponential(1_000_000, 10_000_000))
                .isNotEqualTo(DelayDistribution.exponential(1_000_000, 10_000_001))
                .isNotEqualTo(DelayDistribution.uniform(1_000_000, 10_000_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "exponential",
                "exponential(1ms)",
                "exponential(1,10)",
                "exponential(1ms,10ms",
                "exponential(-1ms,10ms)",
                "exponential(1.5ms,10ms)",
                "exponential(0ms,10ms)",
                "exponential(1ms,0ms)",
                "exponential(1ms,86401s)",
                "exponential(999999999999999s,1s)",
                "uniform(2ms,1ms)",
                "uniform(0ns,86401s)",
                "poisson(1ms,10ms)"
            })
    void refusesWhatIsNoDistribution(String text) {
        assertThatThrownBy(() -> DelayDistribution.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static BigInteger firstInput(long value, long count, BigInteger all) {
        final BigInteger[] quotient =
                BigInteger.valueOf(value).multiply(all).divideAndRemainder(BigInteger.valueOf(count));
        return quotient[1].signum() == 0 ? quotient[0] : quotient[0].add(BigInteger.ONE);
    }

    /** Around every power of two, rising. */
    private static Iterable<BigInteger> edges() {
        final TreeSet<BigInteger> edges = new TreeSet<>();
        for (int power = 0; power <= 64; power++) {
            for (int around = -2; around <= 2; around++) {
                final BigInteger bits = BigInteger.TWO.pow(power).add(BigInteger.valueOf(around));
                if (bits.signum() >= 0 && bits.bitLength() <= 64) {
                    edges.add(bits);
                }
            }
        }
        return edges;
    }
}
