package io.millrace.htx.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.MlKem768KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.FirstMessage;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import io.millrace.test.LeakCheck;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each end of a hybrid handshake against another one that is put together here of Noise and ML-KEM: two ends that leave the
 * KEM out in the same way agree with each other, but not with these.
 */
@ExtendWith(LeakCheck.class)
class IndependentHybridEndTest {
    private final HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
    private final MemorySegment secret = ends.arena.allocate(MlKem768.SECRET_LENGTH);

    @AfterEach
    void close() {
        ends.close();
    }

    @Test
    void theResponderMixesTheSecretOfItsCiphertext() {
        try (MlKem768KeyPair kem = MlKem768KeyPair.generate(ends.randomness)) {
            FirstMessage.writeHeader(ends.first, ends.ticketKey, ends.now);
            try (HandshakeState noise = HandshakeState.of(NoiseProtocol.XKPSK3_SHA256, Role.INITIATOR)
                    .prologue(Prologue.of(ends.arena, ends.first, MemorySegment.NULL))
                    .localStatic(ends.initiatorKeys)
                    .remoteStatic(ends.responderKeys.publicKey())
                    .pskLater()
                    .randomness(ends.randomness)
                    .start()) {
                noise.writeMessage(kem.publicKey(), MlKem768.KEY_LENGTH, ends.first.asSlice(FirstMessage.NOISE_OFFSET));
                FirstMessage.writeMac(ends.first.asSlice(0, FirstMessage.LENGTH), ends.ticketKey, ends.now);
                try (ResponderHandshake responder = ends.begin(1)) {
                    final MemorySegment ciphertext = ends.arena.allocate(MlKem768.CIPHERTEXT_LENGTH);
                    assertThat(noise.readMessage(ends.second, InitiatorHandshake.SECOND_LENGTH, ciphertext))
                            .isEqualTo(MlKem768.CIPHERTEXT_LENGTH);
                    kem.decapsulate(ciphertext, secret);
                    noise.givePsk(secret);
                    noise.writeMessage(MemorySegment.NULL, 0, ends.third);

                    try (NoiseTransport far = responder.finish(ends.third, InitiatorHandshake.THIRD_LENGTH)) {
                        assertThat(far)
                                .as("keys under the secret of the ciphertext")
                                .isNotNull();
                    }
                }
            }
        }
    }

    @Test
    void theInitiatorMixesTheSecretOfTheCiphertextThatItGot() {
        try (InitiatorHandshake initiator = ends.begun();
                HandshakeState noise = HandshakeState.of(NoiseProtocol.XKPSK3_SHA256, Role.RESPONDER)
                        .prologue(Prologue.of(ends.arena, ends.first, MemorySegment.NULL))
                        .localStatic(ends.responderKeys)
                        .pskLater()
                        .randomness(ends.randomness)
                        .start()) {
            final MemorySegment kemKey = ends.arena.allocate(MlKem768.KEY_LENGTH);
            final int length = FirstMessage.LENGTH - FirstMessage.NOISE_OFFSET;
            assertThat(noise.readMessage(ends.first.asSlice(FirstMessage.NOISE_OFFSET, length), length, kemKey))
                    .isEqualTo(MlKem768.KEY_LENGTH);
            final MemorySegment ciphertext = ends.arena.allocate(MlKem768.CIPHERTEXT_LENGTH);
            assertThat(MlKem768.encapsulate(kemKey, ends.randomness, ciphertext, secret))
                    .isTrue();
            noise.givePsk(secret);
            noise.writeMessage(ciphertext, MlKem768.CIPHERTEXT_LENGTH, ends.second);

            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                    .isZero();
            initiator.writeThird(ends.third);

            assertThat(noise.readMessage(ends.third, InitiatorHandshake.THIRD_LENGTH, MemorySegment.NULL))
                    .as("the third message under the secret of the ciphertext")
                    .isZero();
        }
    }
}
