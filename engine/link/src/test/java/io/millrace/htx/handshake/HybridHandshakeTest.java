package io.millrace.htx.handshake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.FirstMessage;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.NoiseStatus;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTX handshakes with X25519 and ML-KEM-768 together: sizes, parts that cannot be stripped, and the cost of strangers. */
class HybridHandshakeTest {
    private final long keysBefore = SecretKey.liveCount();
    private final HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 7);

    @AfterEach
    void closeEnds() {
        ends.close();
        assertThat(SecretKey.liveCount()).as("guarded keys that stay").isEqualTo(keysBefore);
    }

    @Test
    void theAnswerIsShorterThanTheFirstMessage() {
        assertThat(InitiatorHandshake.FIRST_LENGTH).isEqualTo(1_257);
        assertThat(InitiatorHandshake.SECOND_LENGTH).isEqualTo(1_136).isLessThan(InitiatorHandshake.FIRST_LENGTH);
    }

    @Test
    void aFirstMessageWithoutItsOfferIsRefused() {
        try (InitiatorHandshake initiator = ends.begun()) {
            assertThat(initiator).isNotNull();
            assertThat(ends.responder.begin(1, ends.first, 73, ends.second, 0)).isNull();
            assertThat(ends.responder.lastVerdict()).isEqualTo(HandshakeVerdict.BAD_LENGTH);
            ends.first.set(JAVA_BYTE, 0, (byte) 1);
            assertThat(ends.begin(1)).isNull();
            assertThat(ends.responder.lastVerdict()).isEqualTo(HandshakeVerdict.BAD_VERSION);
        }
    }

    @Test
    void anOfferStrippedByAnAttackerWithTheTicketKeyIsRefusedByNoise() {
        try (InitiatorHandshake initiator = ends.begun()) {
            assertThat(initiator).isNotNull();
            // The key of the offer replaced by another one, and the MAC made anew.
            final long at = FirstMessage.NOISE_OFFSET + 32L;
            for (long byteOf = at; byteOf < FirstMessage.LENGTH; byteOf += 101) {
                final byte was = ends.first.get(JAVA_BYTE, byteOf);
                ends.first.set(JAVA_BYTE, byteOf, (byte) (was ^ 1));
                FirstMessage.writeMac(ends.first, ends.ticketKey, ends.now);
                assertThat(ends.begin(byteOf << 16)).as("byte %d", byteOf).isNull();
                assertThat(ends.responder.lastVerdict()).isEqualTo(HandshakeVerdict.BAD_FIRST_MESSAGE);
                ends.first.set(JAVA_BYTE, byteOf, was);
            }
        }
    }

    @Test
    void whatIsNoEncapsulationKeyIsACountedDrop() {
        try (HandshakeState noise = HandshakeState.of(NoiseProtocol.XKPSK3_SHA256, Role.INITIATOR)
                .prologue(prologue())
                .localStatic(ends.initiatorKeys)
                .remoteStatic(ends.responderKeys.publicKey())
                .pskLater()
                .randomness(ends.randomness)
                .start()) {
            final MemorySegment noKey = ends.arena.allocate(MlKem768.KEY_LENGTH);
            noKey.fill((byte) 0xff);
            noise.writeMessage(noKey, MlKem768.KEY_LENGTH, ends.first.asSlice(FirstMessage.NOISE_OFFSET));
            FirstMessage.writeMac(ends.first, ends.ticketKey, ends.now);

            assertThat(ends.begin(1)).isNull();
            assertThat(ends.responder.lastVerdict()).isEqualTo(HandshakeVerdict.BAD_FIRST_MESSAGE);
        }
    }

    @Test
    void aChangedCiphertextIsRefusedAndTheInitiatorWaitsForTheTrueOne() {
        try (InitiatorHandshake initiator = ends.begun();
                ResponderHandshake responder = ends.begin(1)) {
            for (int at = 32; at < InitiatorHandshake.SECOND_LENGTH; at += 97) {
                final byte was = ends.second.get(JAVA_BYTE, at);
                ends.second.set(JAVA_BYTE, at, (byte) (was ^ 1));
                assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                        .as("byte %d", at)
                        .isEqualTo(NoiseStatus.BAD_TAG);
                ends.second.set(JAVA_BYTE, at, was);
            }
            assertThat(initiator.readSecond(ends.second, 48)).isEqualTo(NoiseStatus.MESSAGE_TOO_SHORT);
            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                    .isZero();
            initiator.writeThird(ends.third);
            try (NoiseTransport far = responder.finish(ends.third, InitiatorHandshake.THIRD_LENGTH);
                    NoiseTransport near = initiator.split()) {
                assertThat(far.handshakeHash()).isEqualTo(near.handshakeHash());
            }
        }
    }

    @Test
    void aStrangerWithAValidTicketAndRandomNoiseCostsNoEncapsulation() {
        final Counting counting = new Counting(ends.randomness);
        try (HandshakeAcceptor responder = new HandshakeAcceptor(
                        ends.responderKeys,
                        List.of(ends.ticketKey),
                        key -> true,
                        MemorySegment.NULL,
                        AdmissionConfig.DEFAULT,
                        () -> ends.now,
                        0,
                        counting);
                InitiatorHandshake initiator = ends.begun()) {
            assertThat(initiator).isNotNull();
            final int before = counting.draws;
            for (int i = 0; i < 20; i++) {
                ends.randomness.fill(
                        ends.first.asSlice(FirstMessage.NOISE_OFFSET, FirstMessage.LENGTH - FirstMessage.NOISE_OFFSET));
                FirstMessage.writeMac(ends.first, ends.ticketKey, ends.now);
                assertThat(responder.begin(1, ends.first, FirstMessage.LENGTH, ends.second, 0))
                        .isNull();
                assertThat(responder.lastVerdict()).isEqualTo(HandshakeVerdict.BAD_FIRST_MESSAGE);
            }
            // An ephemeral key may be drawn for the first multiplication, which computes its public key at no cost.
            assertThat(counting.draws)
                    .as("an encapsulation would draw another secret for each stranger")
                    .isLessThanOrEqualTo(before + 20);
        }
    }

    private MemorySegment prologue() {
        FirstMessage.writeHeader(ends.first, ends.ticketKey, ends.now);
        return Prologue.of(ends.arena, ends.first, MemorySegment.NULL);
    }

    private static final class Counting implements Randomness {
        private final Randomness randomness;
        private int draws;

        Counting(Randomness randomness) {
            this.randomness = randomness;
        }

        @Override
        public void fill(MemorySegment segment) {
            draws++;
            randomness.fill(segment);
        }
    }
}
