package io.millrace.htx.handshake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.FirstMessage;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.TicketKey;
import io.millrace.noise.NoiseStatus;
import io.millrace.noise.NoiseTransport;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Both sides of the handshake with its tickets, message by message, on a clock that only the test turns. */
class HandshakeAcceptorTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final long NETWORK = 7;

    @AutoClose
    private final HandshakeEnds ends = new HandshakeEnds(new AdmissionConfig(10, 20, 8, 50, 4, 5 * SECOND_NS), 1);

    @Test
    void bothEndsGetTheSameSession() {
        try (InitiatorHandshake initiator = ends.begun();
                ResponderHandshake responder = ends.begin(NETWORK)) {
            assertThat(ends.responder.lastVerdict()).isEqualTo(HandshakeVerdict.ANSWERED);
            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                    .isZero();
            assertThat(initiator.writeThird(ends.third)).isEqualTo(InitiatorHandshake.THIRD_LENGTH);
            assertThat(ends.responder.pending()).isEqualTo(1);
            try (NoiseTransport far = responder.finish(ends.third, InitiatorHandshake.THIRD_LENGTH);
                    NoiseTransport near = initiator.split()) {
                assertThat(near.handshakeHash()).isEqualTo(far.handshakeHash());
                assertThat(far.remoteStatic())
                        .isEqualTo(ends.initiatorKeys.publicKey().toArray(JAVA_BYTE));
                final int length = near.send().encryptInPlace(ends.third, 0, 3);
                assertThat(far.receive().decryptInPlace(ends.third, 0, length)).isEqualTo(3);
            }
        }
        assertThat(ends.responder.pending()).isZero();
        assertThat(count(HandshakeVerdict.ESTABLISHED)).isEqualTo(1);
        assertThat(count(HandshakeVerdict.ABANDONED)).isZero();
    }

    @Test
    void theChecksComeInTheOrderOfTheirCost() {
        ends.begun().close();
        flip(0); // the version
        flip(30); // the ephemeral: the ticket no longer holds
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH - 1)).isEqualTo(HandshakeVerdict.BAD_LENGTH);
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH + 1)).isEqualTo(HandshakeVerdict.BAD_LENGTH);
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.BAD_VERSION);
        flip(0);
        for (int i = 0; i < 20; i++) {
            assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.BAD_TICKET);
        }
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.RATE_LIMITED);
        assertThat(verdict(NETWORK + 1, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.BAD_TICKET);
        flip(30);
        assertThat(verdict(NETWORK + 1, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.ANSWERED);
    }

    @Test
    void networksThatFindNoPlaceShareOneBucket() {
        ends.randomness.fill(ends.first);
        ends.first.set(JAVA_BYTE, 0, FirstMessage.VERSION);
        int admitted = 0;
        for (int network = 0; network < 1_000; network++) {
            final HandshakeVerdict verdict = verdict(network, InitiatorHandshake.FIRST_LENGTH);
            admitted += verdict == HandshakeVerdict.UNKNOWN_TICKET ? 1 : 0;
        }
        assertThat(admitted)
                .as("8 places of their own, a burst of 20 for all others")
                .isEqualTo(8 + 20);
        for (int i = 1; i < 20; i++) {
            assertThat(verdict(0, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.UNKNOWN_TICKET);
        }
        assertThat(verdict(0, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.RATE_LIMITED);
    }

    @Test
    void everyByteOfTheFirstMessageIsCoveredBeforeAnyDiffieHellman() {
        for (int at = 0; at < InitiatorHandshake.FIRST_LENGTH; at++) {
            ends.begun().close();
            flip(at);
            ends.nowNs += SECOND_NS;
            final long drawn = ends.draws;
            assertThat(verdict(1_000 + at, InitiatorHandshake.FIRST_LENGTH))
                    .as("byte %d", at)
                    .isEqualTo(
                            at == 0
                                    ? HandshakeVerdict.BAD_VERSION
                                    : at < 9 ? HandshakeVerdict.UNKNOWN_TICKET : HandshakeVerdict.BAD_TICKET);
            assertThat(ends.draws).as("no ephemeral was drawn").isEqualTo(drawn);
        }
    }

    @Test
    void aReplayedFirstMessageIsRefusedForAsLongAsItsTicketIsValid() {
        ends.begun().close();
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.ANSWERED);
        for (int minutes = 0; minutes < 180; minutes += 10) {
            ends.now = HandshakeEnds.START.plus(Duration.ofMinutes(minutes));
            ends.nowNs += 10 * 60 * SECOND_NS;
            assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH))
                    .as("after %d minutes", minutes)
                    .isEqualTo(
                            ends.now.isBefore(Instant.parse("2026-01-01T12:00:00Z"))
                                    ? HandshakeVerdict.DUPLICATE_TICKET
                                    : HandshakeVerdict.UNKNOWN_TICKET);
        }
        ends.now = HandshakeEnds.START;
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH))
                .as("a clock that goes back opens nothing")
                .isEqualTo(HandshakeVerdict.DUPLICATE_TICKET);
    }

    @Test
    void aClockThatIsAnHourOffIsTakenAndTwoHoursAreNot() {
        for (int hours = -2; hours <= 2; hours++) {
            try (InitiatorHandshake initiator =
                    ends.initiator(ends.ticketKey, HandshakeEnds.START.plus(Duration.ofHours(hours)))) {
                initiator.writeFirst(ends.first);
                assertThat(verdict(100 + hours, InitiatorHandshake.FIRST_LENGTH))
                        .as("%d hours", hours)
                        .isEqualTo(Math.abs(hours) <= 1 ? HandshakeVerdict.ANSWERED : HandshakeVerdict.UNKNOWN_TICKET);
            }
        }
    }

    @Test
    void ticketsOfAnotherSecretAreUnknown() {
        try (SecretKey secret = SecretKey.generate(ends.randomness);
                TicketKey other = TicketKey.shared(secret);
                InitiatorHandshake initiator = ends.initiator(other, ends.now)) {
            initiator.writeFirst(ends.first);
            assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.UNKNOWN_TICKET);
        }
    }

    @Test
    void bothEndsOfAPairDeriveTheSameTicketKey() {
        try (TicketKey near = TicketKey.pairwise(ends.initiatorKeys, ends.responderKeys.publicKey());
                TicketKey far = TicketKey.pairwise(ends.responderKeys, ends.initiatorKeys.publicKey());
                HandshakeEnds other = new HandshakeEnds(AdmissionConfig.DEFAULT, 2)) {
            final HandshakeAcceptor responder = new HandshakeAcceptor(
                    ends.responderKeys,
                    List.of(far),
                    key -> true,
                    MemorySegment.NULL,
                    AdmissionConfig.DEFAULT,
                    () -> ends.now,
                    1,
                    other.randomness);
            try (InitiatorHandshake initiator = ends.initiator(near, ends.now)) {
                initiator.writeFirst(ends.first);
                responder
                        .begin(NETWORK, ends.first, InitiatorHandshake.FIRST_LENGTH, ends.second, 1)
                        .close();
                assertThat(responder.lastVerdict()).isEqualTo(HandshakeVerdict.ANSWERED);
            }
            responder.close();
        }
    }

    @Test
    void noMoreHandshakesWaitThanAllowedAndTheirTicketsAreNotUsedUp() {
        final ResponderHandshake[] waiting = new ResponderHandshake[4];
        for (int i = 0; i < waiting.length; i++) {
            ends.begun().close();
            waiting[i] = ends.begin(NETWORK + i);
        }
        ends.begun().close();
        assertThat(ends.begin(NETWORK + 9)).isNull();
        assertThat(ends.responder.lastVerdict()).isEqualTo(HandshakeVerdict.TOO_MANY_PENDING);

        assertThat(waiting[0].isExpired(ends.nowNs + 5 * SECOND_NS - 1)).isFalse();
        assertThat(waiting[0].isExpired(ends.nowNs + 5 * SECOND_NS)).isTrue();
        waiting[0].close(HandshakeVerdict.TIMED_OUT);
        waiting[0].close();
        assertThat(verdict(NETWORK + 9, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.ANSWERED);
        for (ResponderHandshake each : waiting) {
            each.close();
        }
        assertThat(ends.responder.pending()).isZero();
        assertThat(count(HandshakeVerdict.TIMED_OUT)).isEqualTo(1);
        assertThat(count(HandshakeVerdict.ABANDONED)).isEqualTo(4);
    }

    @Test
    void aFullMemoryOfTicketsStillAdmitsAndForgetsNothing() {
        final List<byte[]> taken = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ends.begun().close();
            taken.add(ends.first.toArray(JAVA_BYTE));
            ends.nowNs += SECOND_NS;
            assertThat(verdict((long) i << 32, InitiatorHandshake.FIRST_LENGTH))
                    .as("ticket %d of networks that have none yet; 50 are remembered exactly", i)
                    .isEqualTo(HandshakeVerdict.ANSWERED);
        }
        for (int i = 0; i < taken.size(); i++) {
            ends.nowNs += SECOND_NS;
            ends.first.copyFrom(MemorySegment.ofArray(taken.get(i)));
            assertThat(verdict((long) i << 32, InitiatorHandshake.FIRST_LENGTH))
                    .as("ticket %d again", i)
                    .isEqualTo(HandshakeVerdict.DUPLICATE_TICKET);
        }
    }

    @Test
    void aTicketIsNotTakenIfNoisesMessageDoesNotHold() {
        for (int i = 0; i < 3; i++) {
            FirstMessage.writeHeader(ends.first, ends.ticketKey, ends.now);
            ends.first.asSlice(FirstMessage.NOISE_OFFSET, 48).fill((byte) 9);
            FirstMessage.writeMac(ends.first, ends.ticketKey, ends.now);
            assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH))
                    .as("the same message, time %d", i)
                    .isEqualTo(HandshakeVerdict.BAD_FIRST_MESSAGE);
        }
    }

    @Test
    void oneMessageWhileTheClockIsADayAheadChangesNothing() {
        ends.begun().close();
        ends.now = ends.now.plus(Duration.ofDays(1));
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.UNKNOWN_TICKET);
        ends.now = HandshakeEnds.START;
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.ANSWERED);
        assertThat(verdict(NETWORK, InitiatorHandshake.FIRST_LENGTH)).isEqualTo(HandshakeVerdict.DUPLICATE_TICKET);
    }

    @Test
    void aForgedLastMessageIsCountedAndTheTrueOneStillCounts() {
        try (InitiatorHandshake initiator = ends.begun();
                ResponderHandshake responder = ends.begin(NETWORK)) {
            ends.second.set(JAVA_BYTE, 40, (byte) (ends.second.get(JAVA_BYTE, 40) ^ 1));
            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                    .isEqualTo(NoiseStatus.BAD_TAG);
            ends.second.set(JAVA_BYTE, 40, (byte) (ends.second.get(JAVA_BYTE, 40) ^ 1));
            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH + 1))
                    .isEqualTo(NoiseStatus.MESSAGE_TOO_LONG);
            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                    .isZero();
            initiator.writeThird(ends.third);
            assertThat(responder.finish(ends.first, InitiatorHandshake.THIRD_LENGTH))
                    .isNull();
            assertThat(responder.finish(ends.third, InitiatorHandshake.THIRD_LENGTH + 1))
                    .isNull();
            responder.finish(ends.third, InitiatorHandshake.THIRD_LENGTH).close();
        }
        assertThat(count(HandshakeVerdict.BAD_LAST_MESSAGE)).isEqualTo(2);
        assertThat(count(HandshakeVerdict.ESTABLISHED)).isEqualTo(1);
    }

    @Test
    void whoIsNotWelcomeGetsNoSession() {
        ends.welcome = false;
        try (InitiatorHandshake initiator = ends.begun();
                ResponderHandshake responder = ends.begin(NETWORK)) {
            initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH);
            initiator.writeThird(ends.third);
            assertThat(responder.finish(ends.third, InitiatorHandshake.THIRD_LENGTH))
                    .isNull();
        }
        assertThat(count(HandshakeVerdict.UNKNOWN_PEER)).isEqualTo(1);
        assertThat(ends.responder.pending()).isZero();
    }

    @Test
    void theTimeOfClosingDoesNotTellHowFarAMessageCame() {
        final long accepted = 77;
        final long atOnce = HandshakeAcceptor.closingTimeNs(accepted, accepted);
        assertThat(HandshakeAcceptor.closingTimeNs(accepted, accepted + 100_000_000))
                .isEqualTo(atOnce);
        assertThat(atOnce).isGreaterThan(accepted);
        assertThat(HandshakeAcceptor.closingTimeNs(accepted, atOnce)).isGreaterThan(atOnce);
    }

    private HandshakeVerdict verdict(long prefix, int length) {
        final ResponderHandshake handshake = ends.responder.begin(prefix, ends.first, length, ends.second, ends.nowNs);
        if (handshake != null) {
            handshake.close();
        }
        return ends.responder.lastVerdict();
    }

    private long count(HandshakeVerdict verdict) {
        return ends.responder.counters().get(verdict);
    }

    private void flip(int at) {
        ends.first.set(JAVA_BYTE, at, (byte) (ends.first.get(JAVA_BYTE, at) ^ 1));
    }
}
