package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretCells;
import io.millrace.crypto.SecretCellsExhaustedException;
import io.millrace.crypto.SecretKey;
import io.millrace.test.LeakCheck;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Handshakes in which an exception comes when a message is half made or half read: they are over, their memory is wiped, and
 * no ephemeral key and no nonce is used twice.
 */
@ExtendWith(LeakCheck.class)
class HandshakeFailureTest {
    /** A buffer or a source of keys that fails after {@link HandshakeState} has checked its arguments. */
    enum Failure {
        /** The output is on the heap: refused when the first text is encrypted. */
        HEAP_OUTPUT,
        /** The output cannot be written. */
        READ_ONLY_OUTPUT,
        /** The source of ephemeral keys fails. */
        RANDOMNESS,
        /** The keys of this side were closed too early. */
        CLOSED_KEYS
    }

    record Case(HandshakePattern pattern, int messageIndex, Failure failure) {}

    private static final class Broken extends Error {
        private static final long serialVersionUID = 1;
    }

    static Stream<Case> cases() {
        return Arrays.stream(HandshakePattern.values())
                .flatMap(pattern -> Stream.iterate(0, index -> index < pattern.messageCount(), index -> index + 1)
                        .flatMap(index ->
                                Arrays.stream(Failure.values()).map(failure -> new Case(pattern, index, failure))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aWriteThatFailsHalfWayEndsTheHandshakeAndWipesIt(Case each) {
        final boolean[] broken = new boolean[1];
        try (HandshakePair pair = new HandshakePair(new NoiseProtocol(each.pattern, NoiseHash.SHA256));
                HandshakeState initiator = failing(pair, Role.INITIATOR, broken);
                HandshakeState responder = failing(pair, Role.RESPONDER, broken)) {
            for (int index = 0; index < each.messageIndex; index++) {
                final HandshakeState writer = index % 2 == 0 ? initiator : responder;
                final int length = writer.writeMessage(pair.payload, 5, pair.message);
                assertThat((index % 2 == 0 ? responder : initiator).readMessage(pair.message, length, pair.payload))
                        .isEqualTo(5);
            }
            final HandshakeState writer = each.messageIndex % 2 == 0 ? initiator : responder;
            final MemorySegment memory = writer.memory();
            final MemorySegment out = switch (each.failure) {
                case HEAP_OUTPUT -> MemorySegment.ofArray(new byte[1_000]);
                case READ_ONLY_OUTPUT -> pair.message.asReadOnly();
                default -> pair.message;
            };
            broken[0] = each.failure == Failure.RANDOMNESS;
            if (each.failure == Failure.CLOSED_KEYS) {
                pair.initiatorKeys.close();
                pair.responderKeys.close();
                pair.psk.close();
            }
            final int overhead = writer.overhead();
            int written = 0;
            try {
                written = writer.writeMessage(pair.payload, 5, out);
            } catch (RuntimeException | Broken expected) {
                assertThat(memory.toArray(JAVA_BYTE)).as("wiped").containsOnly((byte) 0);
                broken[0] = false;
                assertThatIllegalStateException()
                        .as("no second try")
                        .isThrownBy(() -> writer.writeMessage(pair.payload, 5, pair.message));
                assertThatIllegalStateException().isThrownBy(writer::overhead);
                assertThat(writer.isTurnToWrite() || writer.isComplete()).isFalse();
                return;
            }
            // The message needs none of the broken parts.
            assertThat(written).isEqualTo(overhead + 5);
            assertThat(each.failure).isIn(Failure.RANDOMNESS, Failure.CLOSED_KEYS, Failure.HEAP_OUTPUT);
        }
    }

    @Test
    void aReadThatFailsHalfWayEndsTheHandshakeAndWipesIt() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XKPSK3_SHA256)) {
            pair.exchange(3);
            pair.exchange(3);
            final int length = pair.write(3);
            final MemorySegment memory = pair.responder.memory();
            pair.psk.close();

            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.responder.readMessage(pair.message, length, pair.payload));

            assertThat(memory.toArray(JAVA_BYTE)).as("wiped").containsOnly((byte) 0);
            assertThatIllegalStateException()
                    .as("no second try")
                    .isThrownBy(() -> pair.responder.readMessage(pair.message, length, pair.payload))
                    .withMessageContaining("phase=GONE");
        }
    }

    @Test
    void aReadIntoABufferThatCannotBeWrittenEndsTheHandshakeAndWipesIt() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256)) {
            final int length = pair.write(3);
            final MemorySegment memory = pair.responder.memory();

            assertThatThrownBy(() -> pair.responder.readMessage(pair.message, length, pair.payload.asReadOnly()))
                    .isInstanceOf(RuntimeException.class);

            assertThat(memory.toArray(JAVA_BYTE)).as("wiped").containsOnly((byte) 0);
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.responder.readMessage(pair.message, length, pair.payload));
        }
    }

    @Test
    void aMessageWhosePreSharedKeyIsMissingChangesNothing() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XKPSK3_SHA256);
                HandshakeState initiator = pair.builder(Role.INITIATOR, "prologue")
                        .psk(null)
                        .pskLater()
                        .start();
                HandshakeState responder = pair.builder(Role.RESPONDER, "prologue")
                        .psk(null)
                        .pskLater()
                        .start()) {
            responder.readMessage(pair.message, initiator.writeMessage(pair.payload, 0, pair.message), pair.payload);
            initiator.readMessage(pair.message, responder.writeMessage(pair.payload, 0, pair.message), pair.payload);
            assertThatIllegalStateException().isThrownBy(() -> initiator.writeMessage(pair.payload, 0, pair.message));
            initiator.givePsk(pair.psk.segment());
            final int length = initiator.writeMessage(pair.payload, 0, pair.message);
            assertThatIllegalStateException()
                    .isThrownBy(() -> responder.readMessage(pair.message, length, pair.payload));
            responder.givePsk(pair.psk.segment());

            assertThat(responder.readMessage(pair.message, length, pair.payload))
                    .isZero();
            try (NoiseTransport near = initiator.split();
                    NoiseTransport far = responder.split()) {
                assertThat(near.handshakeHash()).isEqualTo(far.handshakeHash());
            }
        }
    }

    @Test
    void aSplitWithoutRoomForTheKeysEndsTheHandshakeAndWipesIt() {
        final List<SecretKey> taken = new ArrayList<>();
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256).finish()) {
            final MemorySegment memory = pair.initiator.memory();
            SecretCells.shared().limit(SecretCells.LEAST_LIMIT);
            try {
                while (true) {
                    taken.add(SecretKey.inCell(2 * CipherState.MEMORY_LENGTH));
                }
            } catch (SecretCellsExhaustedException full) {
                assertThatThrownBy(pair.initiator::split).isInstanceOf(SecretCellsExhaustedException.class);
            } finally {
                SecretCells.shared().limit(SecretCells.DEFAULT_LIMIT);
                taken.forEach(SecretKey::close);
            }
            assertThat(memory.toArray(JAVA_BYTE)).as("wiped").containsOnly((byte) 0);
            assertThatIllegalStateException().as("no second try").isThrownBy(pair.initiator::split);
        }
    }

    private static HandshakeState failing(HandshakePair pair, Role role, boolean[] broken) {
        final Randomness good = new SeededRandomness(role == Role.INITIATOR ? 20 : 21);
        return pair.builder(role, "prologue")
                .randomness(segment -> {
                    if (broken[0]) {
                        segment.set(JAVA_BYTE, 0, (byte) 1);
                        throw new Broken();
                    }
                    good.fill(segment);
                })
                .start();
    }
}
