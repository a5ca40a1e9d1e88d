package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.test.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When packets for one peer leave together, on a virtual clock and without threads. */
class EgressTrainsTest {
    private static final long SEED = 20_261_130;
    private static final long TICK_NS = 1_000;

    private final VirtualClock clock = new VirtualClock(1_000_000_000);
    private final EngineUnderTest bed =
            new EngineUnderTest(config().build(), SEED, 10_000, builder -> builder.clock(clock));

    EgressTrainsTest() {
        bed.engine.start();
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static EngineConfig.Builder config() {
        return EngineConfig.builder()
                .threading(ThreadingMode.INVOKER)
                .batchLimit(4)
                .tick(Duration.ofNanos(TICK_NS))
                .maxDelay(Duration.ofMillis(100));
    }

    /** One round in which a packet arrives that goes on to {@code peer}. */
    private void busyRound(int peer) {
        bed.inbound.add(bed.seal(bed.packetFor(peer)));
        bed.step();
        clock.advance(TICK_NS);
    }

    private long left(int peer) {
        return bed.taken[peer].get();
    }

    @Test
    void aPacketLeavesInTheFirstRoundThatFindsNothingToReceive() {
        busyRound(EngineUnderTest.FIRST);
        busyRound(EngineUnderTest.SECOND); // the first leaves the wheel
        assertThat(left(EngineUnderTest.FIRST)).isZero();
        bed.step();

        assertThat(left(EngineUnderTest.FIRST)).isOne();
    }

    @Test
    void whilePacketsComeThoseForOnePeerLeaveAsOneTrain() {
        for (int i = 0; i <= IoAgent.TRAIN; i++) { // the last one is in the wheel
            busyRound(EngineUnderTest.FIRST);
            assertThat(left(EngineUnderTest.FIRST)).as("after %d rounds", i + 1).isZero();
        }
        busyRound(EngineUnderTest.SECOND);

        assertThat(left(EngineUnderTest.FIRST)).isEqualTo(IoAgent.TRAIN);
    }

    @Test
    void noPacketWaitsLongerForOthersThanTheBound() {
        busyRound(EngineUnderTest.FIRST);
        busyRound(EngineUnderTest.SECOND); // the first leaves the wheel
        busyRound(EngineUnderTest.SECOND); // and is seen to wait
        clock.advance(IoAgent.HOLD_NS - 2 * TICK_NS);
        busyRound(EngineUnderTest.SECOND);
        assertThat(left(EngineUnderTest.FIRST)).isZero();

        busyRound(EngineUnderTest.SECOND);

        assertThat(left(EngineUnderTest.FIRST)).isOne();
    }

    @Test
    void whatAPeersQueueCannotHoldTwiceDoesNotWait() {
        try (EngineUnderTest small =
                new EngineUnderTest(config().egressLimit(4).build(), SEED, 10_000, builder -> builder.clock(clock))) {
            small.engine.start();
            for (int i = 0; i < 40; i++) {
                small.inbound.add(small.seal(small.packetFor(EngineUnderTest.FIRST)));
                small.step();
                clock.advance(TICK_NS);
            }
            small.step(); // the last packet leaves the wheel
            small.step();

            assertThat(small.taken[EngineUnderTest.FIRST].get()).isEqualTo(40);
            assertThat(small.engine.counters().dropped().values()).allMatch(count -> count == 0);
        }
    }
}
