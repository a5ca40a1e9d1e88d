package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.thread.Duty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything is bounded: a full part drops, counts, and costs other peers nothing. The test runs the agents itself. */
class EngineBoundsTest {
    private static final long SEED = 7;

    @Test
    void aFullRingDropsTheNextFrameAndCountsIt() {
        try (EngineUnderTest test = new EngineUnderTest(config().build(), SEED, 1_000)) {
            test.engine.open();
            final Duty io = test.engine.parts().duties().getLast();
            queue(test, 100, EngineUnderTest.FIRST);
            while (!test.inbound.isEmpty()) {
                io.doWork();
            }

            assertThat(test.engine.counters().dropped()).containsOnlyKeys(Verdict.RING_FULL);
            assertThat(test.engine.counters().dropped()).containsEntry(Verdict.RING_FULL, 100L - 64);
            assertThat(test.engine.counters().conserved()).isTrue();
        }
    }

    @Test
    void aFullSlabDropsTheNextFrameAndCountsIt() {
        try (EngineUnderTest test = new EngineUnderTest(config().slotCount(64).build(), SEED, 1_000)) {
            test.engine.open();
            final Duty io = test.engine.parts().duties().getLast();
            queue(test, 100, EngineUnderTest.FIRST);
            while (!test.inbound.isEmpty()) {
                io.doWork();
            }

            // 64 slots, of which the I/O thread keeps a batch as room.
            assertThat(test.engine.counters().dropped()).containsEntry(Verdict.SLAB_FULL, 100L - (64 - 4));
            assertThat(test.engine.counters().inFlight()).isEqualTo(64 - 4);
        }
    }

    @Test
    void aPeerThatStopsReadingLosesItsOwnPacketsOnly() {
        try (EngineUnderTest test = new EngineUnderTest(config().egressLimit(8).build(), SEED, 1_000)) {
            test.engine.open();
            test.stalledPeer = EngineUnderTest.FIRST;
            for (int i = 0; i < 40; i++) {
                queue(test, 1, EngineUnderTest.FIRST);
                queue(test, 1, EngineUnderTest.SECOND);
                runUntilQuiet(test, 8);
            }

            assertThat(test.taken[EngineUnderTest.SECOND]).hasValue(40);
            assertThat(test.engine.counters().dropped()).isEqualTo(Map.of(Verdict.EGRESS_FULL, 40L - 8));
            assertThat(test.engine.counters().inFlight()).isEqualTo(8);

            test.stalledPeer = -1;
            runUntilQuiet(test, 0);
            assertThat(test.taken[EngineUnderTest.FIRST]).hasValue(8);
        }
    }

    @Test
    void aFullReplaySetDropsWhatItCannotRemember() {
        try (EngineUnderTest test = new EngineUnderTest(config().build(), SEED, 10)) {
            test.engine.open();
            queue(test, 25, EngineUnderTest.FIRST);
            runUntilQuiet(test, 0);

            assertThat(test.engine.counters().forwarded()).isEqualTo(10);
            assertThat(test.engine.counters().dropped()).isEqualTo(Map.of(Verdict.REPLAY_SET_FULL, 15L));
        }
    }

    /** A shortened delay would betray that the sender asked for more. */
    @Test
    void aDelayAboveTheMaximumIsRefusedAndNotShortened() {
        try (EngineUnderTest test = new EngineUnderTest(config().build(), SEED, 100)) {
            test.engine.open();
            test.inbound.add(test.seal(test.packetWithDelay(EngineUnderTest.FIRST, 1_000_000)));
            test.inbound.add(test.seal(test.packetWithDelay(EngineUnderTest.FIRST, 1_000_001)));
            runUntilQuiet(test, 0);

            assertThat(test.engine.counters().forwarded()).isOne();
            assertThat(test.engine.counters().dropped()).isEqualTo(Map.of(Verdict.DELAY_REFUSED, 1L));
        }
    }

    @Test
    void saysHowFullEverythingIs() {
        for (ThreadingMode mode : ThreadingMode.values()) {
            try (EngineUnderTest test =
                    new EngineUnderTest(config().threading(mode).egressLimit(8).build(), SEED, 1_000)) {
                test.engine.open();
                test.stalledPeer = EngineUnderTest.SECOND;
                queue(test, 30, EngineUnderTest.SECOND);
                runUntilQuiet(test, 8);
                EngineOccupancy now = test.engine.occupancy();
                assertThat(now.egress().get(EngineUnderTest.FIRST)).isEqualTo(new Occupancy(0, 8));
                assertThat(now.egress().get(EngineUnderTest.SECOND)).isEqualTo(new Occupancy(8, 8));
                assertThat(now.slots()).isEqualTo(new Occupancy(8, 256));
                assertThat(now.replayTags()).isEqualTo(new Occupancy(30, 1_000));
                assertThat(now.ring()).isEqualTo(new Occupancy(0, 64));
                assertThat(now.wheel()).isEqualTo(new Occupancy(0, 256));

                // Wherever packets are meanwhile, each is in one of these places.
                queue(test, 40, EngineUnderTest.FIRST);
                for (int step = 0; step < 20; step++) {
                    test.engine.parts().duties().forEach(Duty::doWork);
                    now = test.engine.occupancy();
                    assertThat(now.slots().used())
                            .as("step %d of %s", step, mode)
                            .isEqualTo(now.ring().used()
                                    + now.wheel().used()
                                    + now.egress().stream()
                                            .mapToLong(Occupancy::used)
                                            .sum());
                }
            }
        }
    }

    @Test
    void packetsOfTheEpochBeforeARollAreAcceptedAfterIt() {
        for (ThreadingMode mode : List.of(ThreadingMode.SPLIT, ThreadingMode.PARALLEL)) {
            try (EngineUnderTest test =
                    new EngineUnderTest(config().threading(mode).peelWorkers(2).build(), SEED, 1_000)) {
                test.engine.open();
                final byte[] packet = test.packetFor(EngineUnderTest.FIRST);
                final Duty io = test.engine.parts().duties().getLast();
                test.inbound.add(test.seal(packet));
                test.inbound.add(test.seal(packet));
                io.doWork();
                test.engine.rollKeyEpoch(test.epoch(2));
                test.inbound.add(test.seal(packet));
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
                final byte[] next = test.packetFor(EngineUnderTest.FIRST, 2);
                test.inbound.add(test.seal(next, 2));
                test.inbound.add(test.seal(next, 2));
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST, 2), 3));
                runUntilQuiet(test, 0);

                assertThat(test.engine.keyEpoch()).isEqualTo(2);
                assertThat(test.engine.counters().forwarded()).isEqualTo(3);
                assertThat(test.engine.counters().dropped())
                        .isEqualTo(Map.of(Verdict.REPLAY, 3L, Verdict.EPOCH_OVER, 1L));
            }
        }
    }

    private static EngineConfig.Builder config() {
        return EngineConfig.builder()
                .threading(ThreadingMode.SPLIT)
                .slotCount(256)
                .ringSize(64)
                .batchLimit(4)
                .egressLimit(64)
                .tick(Duration.ofNanos(1_000))
                .maxDelay(Duration.ofMillis(1));
    }

    private static void queue(EngineUnderTest test, int count, int peer) {
        for (int i = 0; i < count; i++) {
            test.inbound.add(test.seal(test.packetFor(peer)));
        }
    }

    /** Runs all agents until nothing is left to receive and {@code waiting} packets are inside. */
    private static void runUntilQuiet(EngineUnderTest test, long waiting) {
        do {
            test.step();
            assertThat(test.engine.counters().conserved()).isTrue();
        } while (!test.inbound.isEmpty()
                || !test.engine.parts().ring().isEmpty()
                || test.engine.counters().inFlight() > waiting);
    }
}
