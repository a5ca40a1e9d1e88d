package io.millrace.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.vrf.DelayDistribution;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A prober over real engines: an honest network passes, every cheat is caught and named. Prints the table of delay.md. */
class ProberTest {
    private static final DelayDistribution LAW = ProbedNetwork.LAW;
    private static final long MEAN_NS = 50_000_000;
    private static final int[] COUNTS = {1, 2, 3, 5, 8, 13, 20, 32, 40, 50, 64, 80, 100, 150, 200, 300, 500, 750, 1_000
    };

    private final long seed = System.nanoTime();

    /** How the second relay cheats. */
    enum Cheat {
        NO_DELAY(DelayDistribution.uniform(0, 0), 1),
        EQUAL_DELAYS(DelayDistribution.uniform(MEAN_NS, MEAN_NS), 1),
        FROZEN_EPOCH(LAW, 1),
        WRONG_LAW(DelayDistribution.uniform(0, 2 * MEAN_NS), 1),
        HALVED(DelayDistribution.exponential(MEAN_NS / 2, 250_000_000), 1),
        FIVE_PERCENT_EARLY(DelayDistribution.uniform(0, 0), 0.05),
        ONE_PERCENT_EARLY(DelayDistribution.uniform(0, 0), 0.01);

        @SuppressWarnings("ImmutableEnumChecker") // laws are immutable
        private final DelayDistribution law;

        private final double share;

        Cheat(DelayDistribution law, double share) {
            this.law = law;
            this.share = share;
        }
    }

    @Test
    void anHonestNetworkPasses() throws Exception {
        System.out.println("seed=" + seed);
        try (ProbedNetwork network = new ProbedNetwork(seed)) {
            final Prober prober = new Prober(network.disclosures(), ProbedNetwork.STEP_NS);
            final List<Probe> probes = network.probes(1_000);

            final ProbeReport report = prober.judge(probes);

            assertThat(report.judged()).as("seed=" + seed).isEqualTo(1_000);
            assertThat(report.isRefused()).as("seed=" + seed + " " + report).isFalse();
            assertThat(report.medianNs()).isBetween(0L, 20 * ProbedNetwork.STEP_NS);
            assertThat(report.relays())
                    .hasSize(3)
                    .allSatisfy(relay -> assertThat(relay.slope()).isBetween(0.99, 1.01));
            for (int count : COUNTS) {
                assertThat(prober.judge(probes.subList(0, count)).isRefused())
                        .as("seed=" + seed + ", probes=" + count)
                        .isFalse();
            }
        }
    }

    /**
     * A cheat is always caught and named. Next to one of 1 %, an honest relay is named too in one of 2,000 networks: see
     * delay.md. Twice in a row is a fault.
     */
    @ParameterizedTest
    @EnumSource
    void everyCheatIsCaughtAndNamed(Cheat cheat) throws Exception {
        final ProbeReport report = judgeNaming(cheat, seed);
        if (report.refused().size() > 1) {
            assertThat(judgeNaming(cheat, seed + 1).refused())
                    .as("seed=%d and the next one, %s", seed, report)
                    .hasSize(1);
        }
    }

    private static ProbeReport judgeNaming(Cheat cheat, long seed) throws Exception {
        try (ProbedNetwork network = new ProbedNetwork(seed)) {
            // A frozen epoch's output is another one than is disclosed: that of another key serves as well.
            network.cheating(network.paper(cheat == Cheat.FROZEN_EPOCH ? 0 : 1).vrf(), cheat.law, cheat.share);
            final Prober prober = new Prober(network.disclosures(), ProbedNetwork.STEP_NS);
            final List<Probe> probes = network.probes(cheat.share < 1 ? 1_000 : 200);

            final ProbeReport report = prober.judge(probes);

            assertThat(report.early()).as("seed=" + seed).isPositive();
            assertThat(report.refused())
                    .as("seed=%d %s", seed, report)
                    .extracting(RelayJudgement::relay)
                    .contains(network.paper(1).identity());
            System.out.println(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %s |",
                    cheat,
                    least(prober, probes, false),
                    least(prober, probes, true),
                    report.refused().getFirst().refusal()));
            return report;
        }
    }

    @Test
    void probesOfEpochsThatAreNotDisclosedWait() throws Exception {
        try (ProbedNetwork network = new ProbedNetwork(seed)) {
            final ProbeReport report =
                    new Prober(network.disclosures().subList(0, 2), ProbedNetwork.STEP_NS).judge(network.probes(3));
            assertThat(report.waiting()).isEqualTo(3);
            assertThat(report.judged()).isZero();
            assertThat(report.isRefused()).isFalse();
        }
    }

    /** Least number of probes from which on the cheat is noticed, or the relay named. */
    private static int least(Prober prober, List<Probe> probes, boolean named) {
        int least = -1;
        for (int count : COUNTS) {
            if (count > probes.size()) {
                break;
            }
            final ProbeReport report = prober.judge(probes.subList(0, count));
            final boolean caught = named ? !report.refused().isEmpty() : report.isRefused();
            least = caught ? least == -1 ? count : least : -1;
        }
        return least;
    }
}
