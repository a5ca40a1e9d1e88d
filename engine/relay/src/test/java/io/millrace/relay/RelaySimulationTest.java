package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.TrackedArena;
import io.millrace.relay.LossyNetwork.Weather;
import io.millrace.relay.packet.Verdict;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Thousands of histories of a network of real engines. A failing one names its seed; run that seed alone with
 * {@code -Dmillrace.simulation.seed=N}.
 */
class RelaySimulationTest {
    private static final String SEED_PROPERTY = "millrace.simulation.seed";
    private static final int FAIR_SEEDS = 500;
    private static final int FOUL_SEEDS = 2_000;
    private static final int PACKETS = 12;
    private static final int NODES = 4;

    @Test
    void deliversEverythingExactlyOnceInFairWeather() {
        final long first = Long.getLong(SEED_PROPERTY, 1);
        final long last = System.getProperty(SEED_PROPERTY) == null ? FAIR_SEEDS : first;
        for (long seed = first; seed <= last; seed++) {
            final long before = TrackedArena.liveBytes();
            try (RelaySimulation simulation = new RelaySimulation(seed, NODES, Weather.FAIR)) {
                simulation.run(PACKETS);

                assertThat(simulation.deliveries()).as("seed=%d", seed).hasSize(PACKETS);
                assertThat(simulation.deliveries().values()).as("seed=%d", seed).containsOnly(1);
                assertThat(simulation.drops()).as("seed=%d", seed).isEmpty();
            }
            assertThat(TrackedArena.liveBytes()).as("seed=%d leaks", seed).isEqualTo(before);
        }
    }

    @Test
    void losesOnlyWhatTheNetworkHarmedInFoulWeather() {
        final long first = Long.getLong(SEED_PROPERTY, 1);
        final long last = System.getProperty(SEED_PROPERTY) == null ? FOUL_SEEDS : first;
        final Map<Verdict, Long> reasons = new HashMap<>();
        for (long seed = first; seed <= last; seed++) {
            try (RelaySimulation simulation =
                    new RelaySimulation(seed, NODES, new Weather(0.05, 0.1, 0.05, 0.02, 0.05))) {
                simulation.run(PACKETS);
                final LossyNetwork network = simulation.network();

                assertThat(simulation.deliveries().values()).as("seed=%d", seed).allMatch(count -> count == 1);
                // A lost datagram, or a damaged one, costs one packet; but for one whose twin came through whole.
                final long missing = (long) PACKETS - simulation.deliveries().size();
                assertThat(missing).as("seed=%d", seed).isLessThanOrEqualTo(network.lost + network.damaged);
                // Whatever else arrived was dropped for a reason: duplicates, damaged and forged datagrams.
                final long dropped = simulation.drops().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                assertThat(dropped)
                        .as("seed=%d %s", seed, simulation.drops())
                        .isEqualTo(network.duplicated + network.damaged + network.forged - revived(network, missing));
                assertThat(simulation.received()).as("seed=%d", seed).isEqualTo(network.received);
                simulation.drops().forEach((verdict, count) -> reasons.merge(verdict, count, Long::sum));
            }
        }
        if (first != last) {
            assertThat(reasons)
                    .containsOnlyKeys(Verdict.UNKNOWN_PEER, Verdict.BAD_LENGTH, Verdict.LINK_REPLAY, Verdict.BAD_TAG);
        }
    }

    /** Twins that replaced a harmed original: each lost or damaged datagram that cost no packet. */
    private static long revived(LossyNetwork network, long missing) {
        return network.lost + network.damaged - missing;
    }
}
