package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.relay.queue.EgressTrains;
import io.millrace.test.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When packets for one peer leave together, on a virtual clock and without threads. */
class IoAgentTrainsTest {
    private static final long SEED = 20_261_130;
    private static final long TICK_NS = 1_000;
    private static final int BATCH = 8;
    private static final int ROUNDS_UNTIL_HEAVY = 120; // of full batches

    private final VirtualClock clock = new VirtualClock(1_000_000_000);
    private EngineUnderTest bed = bed(config());

    @AfterEach
    void close() {
        bed.close();
    }

    private static EngineConfig.Builder config() {
        return EngineConfig.builder()
                .threading(ThreadingMode.INVOKER)
                .batchLimit(BATCH)
                .tick(Duration.ofNanos(TICK_NS))
                .maxDelay(Duration.ofMillis(100));
    }

    private EngineUnderTest bed(EngineConfig.Builder config) {
        final EngineUnderTest made = new EngineUnderTest(
                config.build(), SEED, 10_000, builder -> builder.clock(clock).carrier(new WithTrains(builder.carrier)));
        made.engine.start();
        return made;
    }

    /** One round in which so many packets arrive that go on to {@code peer}. */
    private void round(int peer, int packets) {
        for (int i = 0; i < packets; i++) {
            bed.inbound.add(bed.seal(bed.packetFor(peer)));
        }
        bed.step();
        clock.advance(TICK_NS);
    }

    /** Full batches for the second peer, until packets wait as long as they can. */
    private void heavyLoad() {
        for (int i = 0; i < ROUNDS_UNTIL_HEAVY; i++) {
            round(EngineUnderTest.SECOND, BATCH);
        }
    }

    private long left(int peer) {
        return bed.taken[peer].get();
    }

    @Test
    void atALowRateAPacketLeavesInTheNextRound() {
        for (int i = 0; i < ROUNDS_UNTIL_HEAVY; i++) {
            round(EngineUnderTest.FIRST, 2);
            round(EngineUnderTest.FIRST, 0); // they leave the wheel
            round(EngineUnderTest.FIRST, 1);

            assertThat(left(EngineUnderTest.FIRST)).as("round %d", i).isEqualTo(3 * i + 2);
            round(EngineUnderTest.FIRST, 0);
            bed.step();
        }
    }

    @Test
    void underLoadPacketsForOnePeerLeaveAsOneTrain() {
        heavyLoad();
        for (int i = 0; i < EgressTrains.TRAIN - 1; i++) {
            bed.inbound.add(bed.seal(bed.packetFor(EngineUnderTest.FIRST)));
            round(EngineUnderTest.SECOND, BATCH - 1);
            assertThat(left(EngineUnderTest.FIRST)).as("after %d rounds", i + 1).isZero();
        }
        bed.inbound.add(bed.seal(bed.packetFor(EngineUnderTest.FIRST)));
        round(EngineUnderTest.SECOND, BATCH - 1);
        round(EngineUnderTest.SECOND, BATCH); // the last one leaves the wheel
        round(EngineUnderTest.SECOND, BATCH);

        assertThat(left(EngineUnderTest.FIRST)).isEqualTo(EgressTrains.TRAIN);
    }

    @Test
    void noPacketWaitsLongerForOthersThanTheBound() {
        heavyLoad();
        bed.inbound.add(bed.seal(bed.packetFor(EngineUnderTest.FIRST)));
        round(EngineUnderTest.SECOND, BATCH - 1);
        round(EngineUnderTest.SECOND, BATCH); // it leaves the wheel
        round(EngineUnderTest.SECOND, BATCH); // and is seen to wait
        clock.advance(EgressTrains.LONGEST_HOLD_NS - 2 * TICK_NS);
        round(EngineUnderTest.SECOND, BATCH);
        assertThat(left(EngineUnderTest.FIRST)).isZero();

        bed.inbound.add(bed.seal(bed.packetFor(EngineUnderTest.FIRST)));
        round(EngineUnderTest.SECOND, BATCH - 1);
        assertThat(left(EngineUnderTest.FIRST)).isOne();

        for (int i = 0; i < 5; i++) { // the next one waits anew
            round(EngineUnderTest.SECOND, BATCH);
        }
        assertThat(left(EngineUnderTest.FIRST)).isOne();
    }

    @Test
    void onceNothingComesNothingWaitsAndUntilThenEveryRoundHasWork() {
        heavyLoad();
        bed.inbound.add(bed.seal(bed.packetFor(EngineUnderTest.FIRST)));
        round(EngineUnderTest.SECOND, BATCH - 1);
        round(EngineUnderTest.FIRST, 0);
        long rounds = 0;
        while (left(EngineUnderTest.FIRST) == 0) {
            assertThat(bed.step())
                    .as("a caller may rest after a round without work")
                    .isPositive();
            clock.advance(TICK_NS);
            rounds++;
        }

        assertThat(rounds * TICK_NS)
                .isBetween(EgressTrains.QUIET_NS - 5 * TICK_NS, EgressTrains.QUIET_NS + 5 * TICK_NS);
    }

    @Test
    void nothingWaitsOnceTheEngineReceivesNoMore() {
        heavyLoad();
        bed.inbound.add(bed.seal(bed.packetFor(EngineUnderTest.FIRST)));
        round(EngineUnderTest.SECOND, BATCH - 1);
        round(EngineUnderTest.SECOND, BATCH);
        bed.engine.parts().stopReceiving();
        bed.step();
        bed.step();

        assertThat(left(EngineUnderTest.FIRST)).isOne();
    }

    @Test
    void whatAPeersQueueCannotHoldTwiceDoesNotWait() {
        bed.close();
        bed = bed(config().egressLimit(2 * BATCH));
        heavyLoad();
        for (int i = 0; i < 10; i++) {
            round(EngineUnderTest.FIRST, BATCH);
        }
        bed.step(); // the last packets leave the wheel
        bed.step();

        assertThat(left(EngineUnderTest.FIRST)).isEqualTo(10 * BATCH);
        assertThat(bed.engine.counters().dropped().values()).allMatch(count -> count == 0);
    }

    /** Does as another carrier, and gains by trains. */
    private record WithTrains(Carrier carrier) implements Carrier {
        @Override
        public boolean gainsByTrains() {
            return true;
        }

        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            return carrier.receive(frames, limit, roomLength);
        }

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            return carrier.send(peer, frames, from, count);
        }

        @Override
        public long receiveErrors() {
            return carrier.receiveErrors();
        }

        @Override
        public long sendErrors() {
            return carrier.sendErrors();
        }

        @Override
        public void close() {
            carrier.close();
        }
    }
}
