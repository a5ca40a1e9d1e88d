package io.millrace.relay.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.VirtualClock;
import org.junit.jupiter.api.Test;

/** How long packets wait for others: by load, silence, and room. */
class EgressTrainsTest {
    private static final int BATCH = 16;
    private static final int SLOTS = 1_024;
    private static final int ROOM = 1_024;
    private static final int PEER = 1;

    private final VirtualClock clock = new VirtualClock(5);
    private EgressTrains trains = trains(true, BATCH);

    private EgressTrains trains(boolean gains, int batchLimit) {
        return new EgressTrains(clock, gains, batchLimit, SLOTS, 2);
    }

    private void load(int frames) {
        for (int i = 0; i < 1_000; i++) {
            trains.found(frames);
        }
    }

    /** How long one packet waits, in nanoseconds, to 1 microsecond. */
    private long heldNs() {
        final long began = clock.nanoTime();
        trains.begin(1);
        while (trains.waits(PEER, 1, ROOM)) {
            assertThat(trains.isHolding()).isTrue();
            clock.advance(1_000);
            assertThat(clock.nanoTime() - began).isLessThan(2 * EgressTrains.LONGEST_HOLD_NS);
            trains.begin(1);
        }
        assertThat(trains.isHolding()).isFalse();
        trains.leave(PEER);
        return clock.nanoTime() - began;
    }

    @Test
    void theWaitGrowsWithTheLoad() {
        load((int) EgressTrains.LIGHT);
        assertThat(heldNs()).isZero();
        load(5);
        assertThat(heldNs())
                .isBetween(EgressTrains.LONGEST_HOLD_NS / 3 - 2_000, EgressTrains.LONGEST_HOLD_NS / 3 + 2_000);
        load(6);
        assertThat(heldNs())
                .isBetween(2 * EgressTrains.LONGEST_HOLD_NS / 3 - 2_000, 2 * EgressTrains.LONGEST_HOLD_NS / 3 + 2_000);
        load(BATCH);
        assertThat(heldNs()).isEqualTo(EgressTrains.LONGEST_HOLD_NS);
    }

    @Test
    void oneFullRoundIsNoLoad() {
        load(1);
        trains.found(BATCH);

        assertThat(heldNs()).isZero();
    }

    @Test
    void aRoundThatFindsNothingIsNoSilenceYet() {
        load(BATCH);
        trains.found(0);
        clock.advance(EgressTrains.QUIET_NS - 1);
        trains.found(0);
        assertThat(heldNs()).isEqualTo(EgressTrains.LONGEST_HOLD_NS);
    }

    @Test
    void afterASilenceNothingWaits() {
        load(BATCH);
        trains.found(0);
        clock.advance(EgressTrains.QUIET_NS);
        trains.found(0);

        assertThat(heldNs()).isZero();
    }

    @Test
    void aSilenceTakesAPartOfTheLoadAndALongOneAllOfIt() {
        load(BATCH);
        trains.found(0);
        clock.advance(EgressTrains.QUIET_NS);
        for (int i = 0; i < 60; i++) {
            trains.found(0); // one silence in many rounds
        }
        trains.found(1);
        assertThat(heldNs()).isEqualTo(EgressTrains.LONGEST_HOLD_NS);
        trains.found(0);
        clock.advance(20 * EgressTrains.QUIET_NS);
        trains.found(1); // the thread slept until now
        assertThat(heldNs()).isEqualTo(EgressTrains.LONGEST_HOLD_NS);
        for (int i = 0; i < 30; i++) {
            trains.found(0);
            clock.advance(EgressTrains.QUIET_NS);
        }
        trains.found(1);
        assertThat(heldNs()).isZero();
        load(BATCH);
        trains.found(0);
        clock.advance(32 * EgressTrains.QUIET_NS);
        trains.found(BATCH);
        assertThat(heldNs()).isZero();
    }

    @Test
    void theSilenceBeginsWithTheFirstRoundThatFindsNothing() {
        load(BATCH);
        clock.advance(10 * EgressTrains.QUIET_NS); // a long round
        trains.found(0);
        trains.found(0);
        assertThat(heldNs()).isEqualTo(EgressTrains.LONGEST_HOLD_NS);
        trains.found(1); // and ends with a frame
        trains.found(0);

        assertThat(heldNs()).isEqualTo(EgressTrains.LONGEST_HOLD_NS);
    }

    @Test
    void aFullTrainLeavesAtOnce() {
        load(BATCH);
        trains.begin(EgressTrains.TRAIN);
        assertThat(trains.waits(PEER, EgressTrains.TRAIN - 1, ROOM)).isTrue();
        assertThat(trains.waits(PEER, EgressTrains.TRAIN, ROOM)).isFalse();
    }

    @Test
    void aSmallQueueIsEmptiedBeforeItIsFull() {
        load(BATCH);
        trains.begin(EgressTrains.TRAIN);
        assertThat(trains.waits(PEER, 1, 8)).isTrue();
        assertThat(trains.waits(PEER, 2, 8)).isFalse();
    }

    @Test
    void peersWaitEachForItself() {
        load(BATCH);
        trains.begin(1);
        assertThat(trains.waits(0, 1, ROOM)).isTrue();
        clock.advance(EgressTrains.LONGEST_HOLD_NS);
        trains.begin(2);
        assertThat(trains.waits(0, 1, ROOM)).isFalse();
        assertThat(trains.waits(PEER, 1, ROOM)).isTrue();
    }

    @Test
    void nothingWaitsWhileManyPacketsDo() {
        load(BATCH);
        trains.begin(SLOTS / 8);
        assertThat(trains.waits(PEER, 1, ROOM)).isTrue();
        trains.begin(SLOTS / 8 + 1);
        assertThat(trains.waits(PEER, 1, ROOM)).isFalse();
    }

    @Test
    void nothingWaitsWhereTheCarrierGainsNothingOrRoundsSayNothing() {
        trains = trains(false, BATCH);
        load(BATCH);
        assertThat(heldNs()).isZero();
        trains = trains(true, EgressTrains.SMALLEST_BATCH - 1);
        load(EgressTrains.SMALLEST_BATCH - 1);
        assertThat(heldNs()).isZero();
    }

    @Test
    void nothingWaitsAtTheEnd() {
        load(BATCH);
        trains.end();

        assertThat(heldNs()).isZero();
    }
}
