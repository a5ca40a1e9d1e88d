package io.millrace.link;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.handshake.HandshakeAcceptor;
import io.millrace.htx.handshake.HandshakeEnds;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.htx.handshake.ResponderHandshake;
import io.millrace.htx.session.PaddingPolicy;
import io.millrace.htx.session.Session;
import io.millrace.htx.session.SessionConfig;
import io.millrace.htx.session.SessionListener;
import io.millrace.htx.session.SessionUnderTest;
import io.millrace.noise.NoiseTransport;
import io.millrace.test.LeakCheck;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handshakes and sessions that fail half-way keep no secret open. */
@ExtendWith(LeakCheck.class)
class SecretOwnershipTest {
    private static final class Broken extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final Randomness BROKEN = segment -> {
        throw new Broken();
    };

    @Test
    @SuppressWarnings("try") // closed too early
    void anInitiatorWhoseTicketKeyIsClosedKeepsNothing() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                TicketKey closed = TicketKey.open(ends.responderKeys.publicKey())) {
            closed.close();
            assertThatThrownBy(() -> ends.initiator(closed, ends.now)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anInitiatorThatNeedsAKeyOfTheRightLengthKeepsNothing() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1)) {
            assertThatThrownBy(() -> new InitiatorHandshake(
                            ends.initiatorKeys,
                            ends.arena.allocate(31),
                            ends.ticketKey,
                            MemorySegment.NULL,
                            ends.now,
                            ends.randomness))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aResponderThatFailsInTheMiddleOfItsAnswerKeepsNothing() {
        for (int good = 0; good < 2; good++) {
            aResponderWithSoManyGoodDrawsKeepsNothing(good);
        }
    }

    private static void aResponderWithSoManyGoodDrawsKeepsNothing(int good) {
        final LateFailure late = new LateFailure();
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                HandshakeAcceptor responder = new HandshakeAcceptor(
                        ends.responderKeys,
                        List.of(ends.ticketKey),
                        key -> true,
                        MemorySegment.NULL,
                        AdmissionConfig.DEFAULT,
                        () -> ends.now,
                        ends.nowNs,
                        late);
                InitiatorHandshake initiator = ends.begun()) {
            final long before = SecretKey.liveCount();
            late.left = good;
            assertThatThrownBy(() -> responder.begin(1, ends.first, InitiatorHandshake.FIRST_LENGTH, ends.second, 1))
                    .isInstanceOf(Broken.class);
            assertThat(SecretKey.liveCount()).isEqualTo(before);
            assertThat(responder.pending()).isZero();
            assertThat(initiator).isNotNull();
        }
    }

    @Test
    void aPredicateThatThrowsEndsItsHandshakeOnly() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                HandshakeAcceptor responder = new HandshakeAcceptor(
                        ends.responderKeys,
                        List.of(ends.ticketKey),
                        key -> {
                            throw new Broken();
                        },
                        MemorySegment.NULL,
                        AdmissionConfig.DEFAULT,
                        () -> ends.now,
                        ends.nowNs,
                        ends.randomness);
                InitiatorHandshake initiator = ends.begun()) {
            final long before = SecretKey.liveCount();
            final ResponderHandshake handshake =
                    responder.begin(1, ends.first, InitiatorHandshake.FIRST_LENGTH, ends.second, 1);
            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                    .isZero();
            initiator.writeThird(ends.third);
            assertThatThrownBy(() -> handshake.finish(ends.third, InitiatorHandshake.THIRD_LENGTH))
                    .isInstanceOf(Broken.class);
            assertThat(SecretKey.liveCount()).isEqualTo(before);
            assertThat(responder.pending()).isZero();
            assertThat(responder.counters().get(HandshakeVerdict.FAILED)).isEqualTo(1);
        }
    }

    @Test
    void aSessionThatCannotBeginKeepsNothing() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                InitiatorHandshake initiator = ends.begun();
                ResponderHandshake handshake = ends.begin(1)) {
            initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH);
            initiator.writeThird(ends.third);
            final NoiseTransport there = handshake.finish(ends.third, InitiatorHandshake.THIRD_LENGTH);
            there.close();
            final NoiseTransport here = initiator.split();
            // Idle padding draws its first silence when the session is made.
            assertThatThrownBy(() -> Session.over(
                            here,
                            true,
                            SessionConfig.HTX1.withPadding(PaddingPolicy.IDLE),
                            SessionUnderTest.CRYPTO,
                            BROKEN,
                            new SessionListener() {},
                            1))
                    .isInstanceOf(Broken.class);
        }
    }

    @Test
    void aKeyThatCannotBeFilledIsFreed() {
        final MemorySegment gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(32);
        }
        assertThatThrownBy(() -> SecretKey.copyOf(gone)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SecretKey.generate(BROKEN)).isInstanceOf(Broken.class);
        assertThatThrownBy(() -> new SendingKeySchedule(gone, RekeyLimits.HTX1, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> X25519KeyPair.generate(BROKEN)).isInstanceOf(Broken.class);
    }

    /** Fails at the secret of the KEM, or at the ephemeral key after it: the admission's seeds come before. */
    private static final class LateFailure implements Randomness {
        private int left = Integer.MAX_VALUE;

        @Override
        public void fill(MemorySegment segment) {
            if (left-- == 0) {
                throw new Broken();
            }
            segment.set(JAVA_BYTE, 0, (byte) 1);
        }
    }
}
