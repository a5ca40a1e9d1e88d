package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.FrameStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Effects of messages and frames that are recorded, forged, or an authentic peer's lie: none, or bounded work. */
class LinkFreshnessTest extends LinkEnds {
    private static final long DAY_MS = 86_400_000;
    private static final int EPOCHS = 1_000;

    @AfterEach
    void closeAll() {
        close();
    }

    @Test
    void aReplayedFirstMessagePostponesNoHandshakeOfThisEnd() {
        timing = timing(Duration.ofSeconds(60));
        start();
        runUntilUp();
        final List<SimulatedWire.Message> begins = wire.recorded.stream()
                .filter(message -> message.bytes()[0] == LinkMessage.BEGIN)
                .toList();
        assertThat(begins).extracting(SimulatedWire.Message::to).contains(0, 1);
        final long finished = counters[0].finished();

        for (int step = 0; step < 60_000; step++) {
            for (SimulatedWire.Message begin : begins) {
                SimulatedWire.give(ends[begin.to()], begin.bytes(), wire.nowNs);
            }
            step(10 * STEP_NS);
            assertThat(links[0].isUp() && links[1].isUp()).as("step %d", step).isTrue();
        }

        assertThat(counters[0].finished() - finished).as("renewals in 600 s").isBetween(8L, 10L);
        assertThat(counters[0].failures()).doesNotContainKeys(LinkFailure.LOST, LinkFailure.TIMEOUT);
    }

    @Test
    void anEndWhoseClockWentBackOverARestartIsBackAsSoonAsItsPeerMissesIt() {
        for (int end = 0; end < 2; end++) {
            clock[0] = 10 * DAY_MS;
            clock[1] = 10 * DAY_MS;
            start();
            runUntilUp();
            clock[end] -= DAY_MS;
            restart(end);

            final long limit = wire.nowNs + 20 * SECOND_NS;
            while (!(links[0].isUp() && links[1].isUp() && carriesBothWays())) {
                step(10 * STEP_NS);
                assertThat(wire.nowNs).as("end %d is not back", end).isLessThan(limit);
            }
        }
    }

    @Test
    void aForgedFrameTriggersNothing() {
        start();
        runUntilUp();
        final byte[] forged = seal(1);
        final int sent = wire.recorded.size();

        for (int i = 0; i < 1_000; i++) {
            final ByteBuffer counter = ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN);
            counter.putLong(0, counter.getLong(0) + (3L << LinkKeyGenerations.GENERATION_BITS));
            assertThat(open(0, forged)).isEqualTo(FrameStatus.UNKNOWN_KEY);
            step(STEP_NS);
        }

        assertThat(wire.recorded).hasSize(sent);
    }

    @Test
    void aReceiverCatchesUpAfterAnOutageOfWholeEpochsAtTheSendersNextRetry() {
        start();
        runUntilUp();
        wire.cut = true;
        for (int frame = 0; frame < 4 << LinkKeyGenerations.GENERATION_BITS; frame++) {
            seal(0);
            if (frame % 10_000 == 0) {
                step(1_000_000);
            }
        }
        assertThat(open(1, seal(0))).isEqualTo(FrameStatus.UNKNOWN_KEY);

        wire.cut = false;
        run(SECOND_NS);

        assertThat(open(1, seal(0))).isEqualTo(FrameStatus.OK);
        final int sent = wire.recorded.size();
        run(SECOND_NS);
        assertThat(wire.recorded).as("told once it is confirmed").hasSize(sent);
    }

    @Test
    void aProbeCostsWorkInSlices() {
        start();
        runUntilUp();
        run(60 * SECOND_NS);
        final LinkKeyGenerations keys = links[0].receiving().receiveKeys();

        probe(EPOCHS);

        assertThat(keys.position(EPOCHS)).as("made at once").isNegative();
        wire.nowNs += STEP_NS;
        poll();
        assertThat(keys.position(EPOCHS)).as("made in one round").isNegative();
        assertThat(keys.position(33)).as("first slice").isNotNegative();
        for (int i = 0; i < 1_000; i++) {
            poll();
        }
        assertThat(keys.position(33)).as("one slice a millisecond").isNotNegative();
        run(SECOND_NS);
        assertThat(keys.position(EPOCHS)).isNotNegative();
    }

    @Test
    void anEpochThatThePeerCannotHaveReachedIsNotBelieved() {
        start();
        runUntilUp();
        run(SECOND_NS);

        for (long epoch : new long[] {1_000_000, 1L << 31, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            probe(epoch);
            run(SECOND_NS);
            assertThat(open(0, seal(1))).as("epoch %d", epoch).isEqualTo(FrameStatus.OK);
        }

        assertThat(counters[0].failures()).containsKey(LinkFailure.valueOf("BEYOND_TIME"));
    }

    @Test
    void aQuietLinkWithALongRoundTripStaysUp() {
        wire = new SimulatedWire(random.split(), 0, 0, 450_000_000);
        start();
        runUntilUp();

        run(600 * SECOND_NS);

        assertThat(counters[0].failures()).doesNotContainKey(LinkFailure.LOST);
        assertThat(counters[1].failures()).doesNotContainKey(LinkFailure.LOST);
    }

    /** An authentic probe to end 0, which tells that epoch. */
    private void probe(long epoch) {
        final LinkTransition session = transitions.get(0).getLast();
        final long attempt = wire.recorded.stream()
                .filter(message -> message.bytes()[0] == LinkMessage.FINISH)
                .map(message -> LinkMessage.attempt(MemorySegment.ofArray(message.bytes())))
                .reduce((first, last) -> last)
                .orElseThrow();
        try (LinkMessage messages = new LinkMessage(
                identities[1], identities[0].keys().publicKey().toArray(ValueLayout.JAVA_BYTE), identities[0].id())) {
            final MemorySegment message = arena.allocate(LinkMessage.MAX_LENGTH, 8);
            LinkMessage.header(message, LinkMessage.PROBE, 0, attempt);
            message.set(LE_LONG, LinkMessage.BODY_OFFSET, 1);
            message.set(LE_LONG, LinkMessage.BODY_OFFSET + 8L, epoch);
            final MemorySegment hash = arena.allocateFrom(JAVA_BYTE, session.began());
            assertThat(ends[0].onMessage(0, messages.sign(message, LinkMessage.PROBE_LENGTH, hash), wire.nowNs))
                    .isTrue();
        }
    }

    private static LinkTiming timing(Duration keyAge) {
        final LinkTiming usual = LinkTiming.DEFAULT;
        return new LinkTiming(
                usual.minRetry(), usual.maxRetry(), usual.transmissions(), usual.quiet(), usual.oldKeys(), keyAge);
    }
}
