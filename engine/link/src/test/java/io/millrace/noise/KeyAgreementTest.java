package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.LeakCheck;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key agreements that are computed before their turn change no byte, and have no effect if the message is refused. */
@ExtendWith(LeakCheck.class)
class KeyAgreementTest {
    @ParameterizedTest
    @EnumSource
    void messagesAreTheSameWhetherAgreementsAreComputedBeforeTheirTurnOrNot(HandshakePattern pattern) {
        final NoiseProtocol protocol = new NoiseProtocol(pattern, NoiseHash.SHA256);
        assertThat(messages(protocol, true)).isEqualTo(messages(protocol, false));
    }

    private static List<List<Byte>> messages(NoiseProtocol protocol, boolean together) {
        final List<List<Byte>> messages = new ArrayList<>();
        try (HandshakePair pair = new HandshakePair(protocol);
                HandshakeState initiator = start(pair, Role.INITIATOR, together);
                HandshakeState responder = start(pair, Role.RESPONDER, together)) {
            while (!initiator.isComplete()) {
                final boolean there = initiator.isTurnToWrite();
                final int length = (there ? initiator : responder).writeMessage(pair.payload, 7, pair.message);
                messages.add(list(pair.message.asSlice(0, length)));
                assertThat((there ? responder : initiator).readMessage(pair.message, length, pair.payload))
                        .isEqualTo(7);
            }
            try (NoiseTransport near = initiator.split();
                    NoiseTransport far = responder.split()) {
                assertThat(near.handshakeHash()).isEqualTo(far.handshakeHash());
                messages.add(list(MemorySegment.ofArray(near.handshakeHash())));
            }
        }
        return messages;
    }

    @Test
    void theInitiatorForgetsWhatItComputedFromARefusedAnswer() {
        for (boolean together : new boolean[] {true, false}) {
            try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256);
                    HandshakeState initiator = start(pair, Role.INITIATOR, together);
                    HandshakeState responder = start(pair, Role.RESPONDER, together)) {
                responder.readMessage(
                        pair.message, initiator.writeMessage(pair.payload, 0, pair.message), pair.payload);
                final int length = responder.writeMessage(pair.payload, 0, pair.message);
                final MemorySegment forged = pair.arena.allocate(length).copyFrom(pair.message.asSlice(0, length));
                forged.asSlice(0, 32).copyFrom(pair.initiatorKeys.publicKey());

                assertThat(initiator.readMessage(forged, length, pair.payload)).isEqualTo(NoiseStatus.BAD_TAG);
                assertThat(initiator.readMessage(pair.message, length, pair.payload))
                        .isZero();

                final int third = initiator.writeMessage(pair.payload, 0, pair.message);
                assertThat(responder.readMessage(pair.message, third, pair.payload))
                        .isZero();
            }
        }
    }

    @Test
    void theResponderForgetsTheEphemeralKeyThatItDrewForARefusedFirstMessage() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256)) {
            final List<byte[]> drawn = new ArrayList<>();
            final SeededRandomness random = new SeededRandomness(30);
            try (HandshakeState responder = pair.builder(Role.RESPONDER, "prologue")
                    .randomness(segment -> {
                        random.fill(segment);
                        drawn.add(segment.toArray(JAVA_BYTE));
                    })
                    .together(true)
                    .start()) {
                final int length = pair.initiator.writeMessage(pair.payload, 3, pair.message);
                final MemorySegment forged = pair.arena.allocate(length).copyFrom(pair.message.asSlice(0, length));
                forged.set(JAVA_BYTE, length - 1, (byte) ~forged.get(JAVA_BYTE, length - 1));

                assertThat(responder.readMessage(forged, length, pair.payload)).isEqualTo(NoiseStatus.BAD_TAG);

                assertThat(drawn).hasSize(1);
                assertThat(contains(responder.memory(), drawn.getFirst())).isFalse();
                assertThat(responder.readMessage(pair.message, length, pair.payload))
                        .isEqualTo(3);
                assertThat(drawn).as("another key for another try").hasSize(2);
                final int second = responder.writeMessage(pair.payload, 0, pair.message);
                assertThat(drawn).as("drawn once").hasSize(2);
                assertThat(pair.initiator.readMessage(pair.message, second, pair.payload))
                        .isZero();
            }
        }
    }

    @Test
    void nothingThatWasComputedBeforeItsTurnIsLeftOnceItsTurnIsOver() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256);
                HandshakeState initiator = start(pair, Role.INITIATOR, true);
                HandshakeState responder = start(pair, Role.RESPONDER, true)) {
            for (int message = 0; message < 3; message++) {
                final boolean there = message != 1;
                final int length = (there ? initiator : responder).writeMessage(pair.payload, 0, pair.message);
                final MemorySegment ahead = (there ? initiator : responder).agreementMemory();
                assertThat(ahead.toArray(JAVA_BYTE))
                        .as("after message %d", message)
                        .containsOnly((byte) 0);
                (there ? responder : initiator).readMessage(pair.message, length, pair.payload);
            }
            assertThat(responder.agreementMemory().toArray(JAVA_BYTE)).containsOnly((byte) 0);
        }
    }

    private static HandshakeState start(HandshakePair pair, Role role, boolean together) {
        return pair.builder(role, "prologue")
                .randomness(new SeededRandomness(role == Role.INITIATOR ? 40 : 41))
                .together(together)
                .start();
    }

    private static boolean contains(MemorySegment memory, byte[] secret) {
        final MemorySegment wanted = MemorySegment.ofArray(secret);
        for (long at = 0; at + secret.length <= memory.byteSize(); at++) {
            if (memory.asSlice(at, secret.length).mismatch(wanted) < 0) {
                return true;
            }
        }
        return false;
    }

    private static List<Byte> list(MemorySegment segment) {
        final List<Byte> bytes = new ArrayList<>();
        for (byte each : segment.toArray(JAVA_BYTE)) {
            bytes.add(each);
        }
        return bytes;
    }
}
