package io.millrace.htx.handshake;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.link.LinkEnds;
import io.millrace.noise.NoiseStatus;
import io.millrace.noise.NoiseTransport;
import io.millrace.test.LeakCheck;
import io.millrace.test.WatchedKem;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Secrets of ML-KEM after each end of a handshake: every secret half that was drawn is destroyed, and every array with a
 * shared secret is zero. Those in guarded cells are counted by {@link LeakCheck}.
 */
@ExtendWith(LeakCheck.class)
class KemWipingTest {
    private final WatchedKem kem = new WatchedKem();

    @AfterEach
    void removeWatch() {
        kem.close();
    }

    @Test
    void aHandshakeThatEndsInASessionKeepsNoSecretOfTheKem() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                InitiatorHandshake initiator = ends.begun();
                ResponderHandshake responder = ends.begin(1)) {
            assertThat(kem.privateKeysLeft()).as("drawn for the first message").isOne();
            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                    .isZero();
            assertThat(kem.privateKeysLeft()).as("after the second message").isZero();
            assertThat(kem.secrets()).as("one at each end").isEqualTo(2);
            assertThat(kem.secretsLeft()).isZero();
            initiator.writeThird(ends.third);
            try (NoiseTransport far = responder.finish(ends.third, InitiatorHandshake.THIRD_LENGTH);
                    NoiseTransport near = initiator.split()) {
                assertThat(far.handshakeHash()).isEqualTo(near.handshakeHash());
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closed too early
    void anInitiatorThatIsClosedAfterItsFirstMessageDestroysItsKey() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                InitiatorHandshake initiator = ends.begun()) {
            assertThat(kem.privateKeysLeft()).isOne();
            initiator.close();
            assertThat(kem.privateKeysLeft()).isZero();
        }
    }

    @Test
    @SuppressWarnings("try") // closed too early
    void anInitiatorThatRefusesAnAnswerKeepsItsKeyForTheTrueOneAndDestroysItAtTheEnd() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                InitiatorHandshake initiator = ends.begun();
                ResponderHandshake responder = ends.begin(1)) {
            assertThat(responder).isNotNull();
            ends.second.set(JAVA_BYTE, 40, (byte) (ends.second.get(JAVA_BYTE, 40) ^ 1));
            assertThat(initiator.readSecond(ends.second, InitiatorHandshake.SECOND_LENGTH))
                    .isEqualTo(NoiseStatus.BAD_TAG);
            assertThat(kem.privateKeysLeft()).isOne();
            initiator.close();
            assertThat(kem.privateKeysLeft()).isZero();
            assertThat(kem.secretsLeft()).as("the responder's").isZero();
        }
    }

    @Test
    void anAnswerThatThrowsDestroysTheKey() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                InitiatorHandshake initiator = ends.begun();
                ResponderHandshake responder = ends.begin(1)) {
            assertThat(responder).isNotNull();
            final MemorySegment heap = MemorySegment.ofArray(ends.second.toArray(JAVA_BYTE));
            assertThatThrownBy(() -> initiator.readSecond(heap, InitiatorHandshake.SECOND_LENGTH))
                    .isInstanceOf(RuntimeException.class);
            assertThat(kem.privateKeysLeft()).isZero();
        }
    }

    @Test
    void anAbandonedAnswerKeepsNoSecret() {
        try (HandshakeEnds ends = new HandshakeEnds(AdmissionConfig.DEFAULT, 1);
                InitiatorHandshake initiator = ends.begun()) {
            assertThat(initiator).isNotNull();
            ends.begin(1).close();
            assertThat(kem.secrets()).isOne();
            assertThat(kem.secretsLeft()).isZero();
        }
    }

    @Test
    void aLinkThatComesUpKeepsNoSecretOfTheKem() {
        try (LinkEnds link = new LinkEnds()) {
            link.start();
            link.runUntilUp();
            assertThat(link.counters[0].isHybrid() && link.counters[1].isHybrid())
                    .isTrue();
            assertThat(kem.privateKeys()).isPositive();
            assertThat(kem.privateKeysLeft()).isZero();
            assertThat(kem.secrets()).isGreaterThanOrEqualTo(2);
            assertThat(kem.secretsLeft()).isZero();
        }
    }

    @Test
    void aLinkWhoseHandshakeIsCutAnywhereDestroysTheKeyAtItsEnd() {
        for (int steps = 1; steps <= 4; steps++) {
            try (LinkEnds link = new LinkEnds()) {
                link.start();
                for (int step = 0; step < steps; step++) {
                    link.step(LinkEnds.STEP_NS);
                }
                link.wire.cut = true;
                link.step(LinkEnds.STEP_NS);
            }
            assertThat(kem.privateKeys()).isPositive();
            assertThat(kem.privateKeysLeft()).as("cut after %d steps", steps).isZero();
            assertThat(kem.secretsLeft()).as("cut after %d steps", steps).isZero();
        }
    }

    @Test
    void aLinkThatGivesItsHandshakeUpForAnotherDestroysTheFirstKey() {
        try (LinkEnds link = new LinkEnds()) {
            link.start();
            link.wire.cut = true;
            link.run(20 * LinkEnds.SECOND_NS);
            assertThat(kem.privateKeys()).isGreaterThan(2);
            assertThat(kem.privateKeysLeft())
                    .as("one under way at each end at the most")
                    .isLessThanOrEqualTo(2);
        }
        assertThat(kem.privateKeysLeft()).isZero();
    }
}
