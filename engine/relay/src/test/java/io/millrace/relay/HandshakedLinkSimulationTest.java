package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.link.LinkFailure;
import io.millrace.link.LinkTransition;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.LossyNetwork.Weather;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.LinkReport;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Histories of real engines whose links come from handshakes over the same bad network as their packets, with relays
 * that begin anew in the middle. A failing one names its seed; run it alone with {@code -Dmillrace.simulation.seed=N}.
 */
class HandshakedLinkSimulationTest {
    private static final String SEED_PROPERTY = "millrace.simulation.seed";
    private static final int SEEDS = 12;
    private static final int NODES = 3;
    private static final int STORM_STEPS = 3_000;
    private static final int SETTLING_STEPS = 7_000;
    private static final int STEP_LIMIT = 200_000;
    private static final Weather BLACKOUT = new Weather(1, 0, 0, 0, 0);
    private static final int BLACKOUT_STEPS = 10_000;
    private static final Weather STORM = new Weather(0.15, 0.15, 0.05, 0.03, 0.1);

    @Test
    void linksComeUpAfterAnyStormAndThenLoseNothingEvenWhileTheirKeysChange() {
        final long first = Long.getLong(SEED_PROPERTY, 1);
        final long last = System.getProperty(SEED_PROPERTY) == null ? SEEDS : first;
        final Map<Verdict, Long> reasons = new HashMap<>();
        final Map<LinkFailure, Long> failures = new HashMap<>();
        for (long seed = first; seed <= last; seed++) {
            final long before = TrackedArena.liveBytes();
            final RelaySimulation simulation = new RelaySimulation(seed, NODES, STORM, true);
            try (simulation) {
                storm(simulation, seed);
                simulation.drops().forEach((verdict, count) -> reasons.merge(verdict, count, Long::sum));
                calm(simulation, seed);
                simulation
                        .links()
                        .forEach(link ->
                                link.failures().forEach((failure, count) -> failures.merge(failure, count, Long::sum)));
            }
            requireWholeStories(simulation, seed);
            assertThat(TrackedArena.liveBytes()).as("seed=%d leaks", seed).isEqualTo(before);
        }
        if (first != last) {
            assertThat(reasons)
                    .containsKeys(
                            Verdict.LINK_DOWN,
                            Verdict.UNKNOWN_KEY,
                            Verdict.LINK_REPLAY,
                            Verdict.BAD_TAG,
                            Verdict.UNKNOWN_PEER);
            assertThat(failures)
                    .containsKeys(LinkFailure.TIMEOUT, LinkFailure.FORGED, LinkFailure.LOST, LinkFailure.CROSSED);
        }
    }

    private static void storm(RelaySimulation simulation, long seed) {
        for (int round = 0; round < 3; round++) {
            simulation.steps(STORM_STEPS, true);
            simulation.restart((int) ((seed + round) % NODES));
        }
        // Nothing gets through for longer than a handshake is tried, and then again little.
        simulation.network().weather(BLACKOUT);
        simulation.steps(BLACKOUT_STEPS, true);
        simulation.network().weather(STORM);
        simulation.steps(STORM_STEPS, true);
        assertThat(simulation.deliveries().values()).as("seed=%d", seed).allMatch(count -> count == 1);
    }

    private static void calm(RelaySimulation simulation, long seed) {
        simulation.network().weather(Weather.FAIR);
        int steps = 0;
        while (!simulation.areLinksUp() || simulation.network().inTransit > 0) {
            simulation.steps(1, false);
            assertThat(++steps).as("seed=%d comes up", seed).isLessThan(STEP_LIMIT);
        }
        // An end that begins anew is up a little before the other end knows.
        simulation.steps(SETTLING_STEPS, false);
        final Map<Verdict, Long> drops = simulation.drops();
        final long sent = simulation.originated();
        final long finished = finished(simulation);
        simulation.steps(SETTLING_STEPS, true);
        simulation.steps(SETTLING_STEPS, false);

        assertThat(simulation.drops()).as("seed=%d", seed).isEqualTo(drops);
        for (long payload = sent; payload < simulation.originated(); payload++) {
            assertThat(simulation.deliveries().get(payload))
                    .as("seed=%d payload=%d", seed, payload)
                    .isEqualTo(1);
        }
        assertThat(finished(simulation)).as("seed=%d new sessions", seed).isGreaterThan(finished);
    }

    /** Each application saw each link: up, any number of renewals, down, each session once; at last all are down. */
    private static void requireWholeStories(RelaySimulation simulation, long seed) {
        final Map<String, Integer> ends = new HashMap<>();
        simulation.transitions().values().forEach(told -> {
            final Map<Integer, String> sessions = new HashMap<>();
            for (LinkTransition transition : told) {
                final String ended = HexFormat.of().formatHex(transition.ended());
                assertThat(sessions.getOrDefault(transition.peerIndex(), ""))
                        .as("seed=%d %s", seed, transition)
                        .isEqualTo(ended);
                final String began = HexFormat.of().formatHex(transition.began());
                sessions.put(transition.peerIndex(), began);
                if (transition.isUp()) {
                    ends.merge(began, 1, Integer::sum);
                }
            }
            assertThat(sessions.values()).as("seed=%d", seed).allMatch(String::isEmpty);
        });
        // A handshake has two ends, of which one may have failed to hear that it was complete.
        assertThat(ends.values()).as("seed=%d", seed).isSubsetOf(1, 2).contains(2);
    }

    private static long finished(RelaySimulation simulation) {
        return simulation.links().stream().mapToLong(LinkReport::finished).sum();
    }
}
