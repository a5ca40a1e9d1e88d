package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.frame.FrameStatus;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What two ends of a link do over a good wire, a bad one, and a hostile one. */
class LinkHandshakeTest extends LinkEnds {
    /** Bytes of the longest message that every carrier takes: {@code Carrier.MESSAGE_LIMIT}. */
    private static final int CARRIER_LIMIT = 1_280;

    @AfterEach
    void closeAll() {
        close();
    }

    @Test
    void bothEndsAgreeAndCarryFramesBothWays() {
        start();
        assertThat(links[0].isUp()).isFalse();
        assertThat(seal(0)).isNull();

        runUntilUp();

        assertThat(open(1, seal(0))).isEqualTo(FrameStatus.OK);
        assertThat(open(0, seal(1))).isEqualTo(FrameStatus.OK);
        assertThat(counters[0].finished() + counters[1].finished()).isEqualTo(2);
    }

    @Test
    void theWayToThePeerIsTheOriginOfAMessageThatProvesToBeItsOwn() {
        start();
        wire.nowNs += STEP_NS;
        ends[0].poll(wire.nowNs, ++clock[0]);
        wire.cut = true; // from here on by hand
        final byte[] begin = wire.recorded.getFirst().bytes();
        SimulatedWire.give(ends[1], -7, begin, wire.nowNs);
        final byte[] answer = wire.recorded.getLast().bytes();
        assertThat(answer[0]).isEqualTo((byte) LinkMessage.ANSWER);
        final byte[] forged = answer.clone();
        forged[20] ^= 1;
        SimulatedWire.give(ends[0], -8, forged, wire.nowNs);
        assertThat(wire.bound).containsOnly(SimulatedWire.NOT_BOUND);

        SimulatedWire.give(ends[0], -9, answer, wire.nowNs);
        assertThat(wire.bound).containsExactly(-9, SimulatedWire.NOT_BOUND);
        final byte[] finish = wire.recorded.getLast().bytes();
        SimulatedWire.give(ends[0], -10, answer, wire.nowNs); // again, from elsewhere
        SimulatedWire.give(ends[1], -11, begin, wire.nowNs);
        assertThat(wire.bound).containsExactly(-9, SimulatedWire.NOT_BOUND);

        SimulatedWire.give(ends[1], -12, finish, wire.nowNs);
        SimulatedWire.give(ends[1], -13, finish, wire.nowNs);
        assertThat(wire.bound).containsExactly(-9, -12);
    }

    @Test
    void aLinkIsRenewedAtOnceAndStaysUp() {
        start();
        runUntilUp();
        run(SECOND_NS);
        assertThat(ends[0].waitNs(wire.nowNs)).isPositive();

        ends[0].renew();
        assertThat(ends[0].waitNs(wire.nowNs)).isNotPositive();
        final long begun = wire.nowNs;
        while (transitions.get(0).size() == 1 || transitions.get(1).size() == 1) {
            step(STEP_NS);
            assertThat(links[0].isUp()).isTrue();
            assertThat(carriesBothWays()).isTrue();
            assertThat(wire.nowNs - begun).isLessThan(SECOND_NS);
        }
        assertThat(transitions)
                .allSatisfy(each -> assertThat(each.getLast().cause()).isEqualTo(LinkTransition.Cause.RENEWED));
        run(10 * SECOND_NS);
        assertThat(transitions).allSatisfy(each -> assertThat(each).hasSize(2));
    }

    @Test
    void aRenewalThatGetsNoAnswerIsTriedAgainAndTheLinkServes() {
        start();
        runUntilUp();
        wire.cut = true;
        ends[0].renew();
        run(SECOND_NS);
        assertThat(links[0].isUp()).isTrue();

        wire.cut = false;
        run(5 * SECOND_NS);
        assertThat(transitions.get(0)).hasSize(2);
        assertThat(transitions.get(0).getLast().cause()).isEqualTo(LinkTransition.Cause.RENEWED);
    }

    @Test
    void thePeersFirstFrameBringsTheLinkUpBeforeItsLastMessageIsRead() {
        final int waits = untilOneEndIsUp();

        assertThat(open(waits, seal(1 - waits))).isEqualTo(FrameStatus.OK);
        assertThat(links[waits].isUp()).isTrue();
        assertThat(open(1 - waits, seal(waits))).isEqualTo(FrameStatus.OK);

        step(STEP_NS);
        assertThat(transitions.get(waits)).hasSize(1);
    }

    @Test
    void aFrameUnderAHandshakeThatWasGivenUpBringsNoLinkUp() {
        final int waits = untilOneEndIsUp();
        final byte[] late = seal(1 - waits);
        wire.cut = true;
        while (!counters[waits].failures().containsKey(LinkFailure.TIMEOUT)) {
            wire.nowNs += 10 * STEP_NS;
            ends[waits].poll(wire.nowNs, ++clock[waits]);
        }

        assertThat(open(waits, late)).isEqualTo(FrameStatus.OK);
        assertThat(links[waits].isUp()).isFalse();
        assertThat(seal(waits)).isNull();
    }

    /** Delivers until the end that answers sends; returns the other, whose last message is under way. */
    private int untilOneEndIsUp() {
        wire = new SimulatedWire(random.split(), 0, 0, 50 * STEP_NS);
        start();
        while (!links[0].isUp() && !links[1].isUp()) {
            step(STEP_NS);
        }
        final int waits = links[0].isUp() ? 1 : 0;
        assertThat(links[waits].isUp()).isFalse();
        return waits;
    }

    @Test
    void ofTwoThatBeginAtOnceOneHandshakeGoesOn() {
        start();
        wire.nowNs += STEP_NS;
        poll();
        assertThat(wire.recorded).hasSize(2).allMatch(message -> message.bytes()[0] == LinkMessage.BEGIN);

        runUntilUp();

        assertThat(counters[0].finished()).isOne();
        assertThat(counters[1].finished()).isOne();
        assertThat(wire.recorded.stream().filter(message -> message.bytes()[0] == LinkMessage.FINISH))
                .hasSize(1);
    }

    @Test
    void comesUpOverABadWireWhateverTheSeed() {
        for (long seed = 1; seed <= 100; seed++) {
            random = new SplittableRandom(seed);
            wire = new SimulatedWire(random.split(), 0.4, 0.3, 300_000_000);
            start();
            final long limit = wire.nowNs + 600 * SECOND_NS;
            while (!(links[0].isUp() && links[1].isUp() && carriesBothWays())) {
                step(20 * STEP_NS);
                assertThat(wire.nowNs).as("seed=%d", seed).isLessThan(limit);
            }
        }
    }

    @Test
    void anEndThatStartsAnewTakesTheLinkOverAndOldFramesAreRefused() {
        start();
        runUntilUp();
        final byte[] recorded = seal(0);
        assertThat(open(1, recorded)).isEqualTo(FrameStatus.OK);

        restart(1);
        assertThat(open(1, recorded)).isEqualTo(FrameStatus.UNKNOWN_KEY);
        runUntilUp();

        assertThat(open(1, recorded)).isIn(FrameStatus.UNKNOWN_KEY, FrameStatus.BAD_TAG);
        assertThat(open(1, seal(0))).isEqualTo(FrameStatus.OK);
        assertThat(open(0, seal(1))).isEqualTo(FrameStatus.OK);
        assertThat(counters[0].failures()).doesNotContainKey(LinkFailure.LOST);
    }

    @Test
    void framesOfTheSessionBeforeAreStillOpenedForAWhile() {
        start();
        runUntilUp();
        final byte[] early = seal(0);
        final byte[] late = seal(0);
        restart(0);
        runUntilUp();

        assertThat(open(1, early)).isEqualTo(FrameStatus.OK);
        run(timing.oldKeys().toNanos() + SECOND_NS);
        assertThat(open(1, late)).isEqualTo(FrameStatus.UNKNOWN_KEY);
    }

    @Test
    void recordedAndForgedMessagesDisturbNothing() {
        start();
        runUntilUp();
        final List<SimulatedWire.Message> all = List.copyOf(wire.recorded);
        final long finished = counters[0].finished() + counters[1].finished();
        final byte[] inFlight = seal(0);

        for (int round = 0; round < 20; round++) {
            for (SimulatedWire.Message message : all) {
                SimulatedWire.give(ends[message.to()], message.bytes(), wire.nowNs);
                SimulatedWire.give(ends[1 - message.to()], message.bytes(), wire.nowNs);
                final byte[] forged = message.bytes().clone();
                forged[random.nextInt(forged.length)] ^= (byte) (1 << random.nextInt(8));
                SimulatedWire.give(ends[message.to()], forged, wire.nowNs);
            }
            step(STEP_NS);
        }

        assertThat(counters[0].finished() + counters[1].finished()).isEqualTo(finished);
        assertThat(open(1, inFlight)).isEqualTo(FrameStatus.OK);
        assertThat(open(0, seal(1))).isEqualTo(FrameStatus.OK);
        assertThat(counters[0].failures()).doesNotContainKey(LinkFailure.LOST);
        assertThat(counters[0].failures().getOrDefault(LinkFailure.REPLAYED, 0L)
                        + counters[1].failures().getOrDefault(LinkFailure.REPLAYED, 0L))
                .isPositive();
    }

    @Test
    void everyFlippedBitOfTheFirstMessageIsRefusedBeforeAnyHandshakeBegins() {
        start();
        wire.cut = true;
        step(STEP_NS);
        final byte[] begin = wire.recorded.stream()
                .filter(message -> message.to() == 1)
                .findFirst()
                .orElseThrow()
                .bytes();
        final long started = counters[1].started();
        for (int bit = 0; bit < begin.length * 8; bit++) {
            final byte[] forged = begin.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(SimulatedWire.give(ends[1], forged, wire.nowNs))
                    .as("bit %d", bit)
                    .isFalse();
        }
        assertThat(counters[1].started()).isEqualTo(started);
    }

    @Test
    void noMessageIsLongerThanTheOneThatItAnswers() {
        for (int suite : new int[] {LinkMessage.CLASSICAL, LinkMessage.HYBRID}) {
            assertThat(LinkMessage.length(LinkMessage.ANSWER, suite))
                    .isLessThanOrEqualTo(LinkMessage.length(LinkMessage.BEGIN, suite));
            assertThat(LinkMessage.length(LinkMessage.DONE, 0))
                    .isLessThanOrEqualTo(LinkMessage.length(LinkMessage.FINISH, suite));
            assertThat(LinkMessage.length(LinkMessage.BEGIN, suite)).isLessThanOrEqualTo(CARRIER_LIMIT);
        }
        assertThat(LinkMessage.length(LinkMessage.REPLY, 0))
                .isLessThanOrEqualTo(LinkMessage.length(LinkMessage.PROBE, 0));
        assertThat(LinkHandshake.isPossible(LinkFrame.FRAME_LENGTH)).isFalse();
    }

    @Test
    void aPeerThatIsGoneTakesTheLinkDownAndItsReturnUp() {
        start();
        runUntilUp();
        wire.cut = true;
        run(timing.quiet().toNanos() + 10 * SECOND_NS);

        assertThat(links[0].isUp()).isFalse();
        assertThat(counters[0].failures()).containsKey(LinkFailure.LOST);
        assertThat(seal(0)).isNull();

        wire.cut = false;
        runUntilUp();
        assertThat(carriesBothWays()).isTrue();
    }

    @Test
    void aQuietLinkStaysUpByProbes() {
        start();
        runUntilUp();
        final long finished = counters[0].finished();

        run(60 * SECOND_NS);

        assertThat(links[0].isUp()).isTrue();
        assertThat(links[1].isUp()).isTrue();
        assertThat(counters[0].finished()).isEqualTo(finished);
        assertThat(counters[0].failures()).doesNotContainKey(LinkFailure.LOST);
    }

    @Test
    void anEndWithAnotherStaticKeyIsNobody() {
        start();
        try (SecretKey other = SecretKey.generate(this::fill);
                LinkIdentity impostor = new LinkIdentity(other, identities[0].id())) {
            ends[0].close();
            open.remove(ends[0]);
            make(0, impostor, identities[1]);
            run(10 * SECOND_NS);
        }
        assertThat(links[0].isUp()).isFalse();
        assertThat(links[1].isUp()).isFalse();
        assertThat(counters[1].started()).as("but for its own").isLessThan(20);
        assertThat(counters[1].finished()).isZero();
        ends[0].close();
        make(0, identities[0], identities[1]);
    }

    @Test
    void aPeerMayNotBeginMoreHandshakesThanItsShare() {
        start();
        wire.cut = true;
        for (int i = 0; i < 50; i++) {
            restart(0);
            step(1_000);
            final byte[] begin = wire.recorded.getLast().bytes();
            for (int back = wire.recorded.size() - 1; back >= 0; back--) {
                if (wire.recorded.get(back).to() == 1) {
                    SimulatedWire.give(ends[1], wire.recorded.get(back).bytes(), wire.nowNs);
                    break;
                }
            }
            assertThat(begin).isNotEmpty();
        }
        assertThat(counters[1].failures().get(LinkFailure.LIMITED)).isGreaterThan(30);
    }

    @Test
    void refusesItselfAndKeysOfLowOrder() {
        start();
        assertThatThrownBy(() -> make(0, identities[0], identities[0])).hasMessageContaining("same id");
        final LinkPeer low = new LinkPeer(new byte[32], new byte[16]);
        assertThatThrownBy(() -> new LinkHandshake(
                        0,
                        identities[0],
                        low,
                        new Link(),
                        new LinkCounters(),
                        keySlots[0],
                        wire.port(0),
                        timing,
                        this::fill,
                        LinkListener.NONE))
                .hasMessageContaining("low order");
    }
}
