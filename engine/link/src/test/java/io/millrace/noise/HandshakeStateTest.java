package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.crypto.X25519Keys;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes between two ends of this implementation: valid ones, and refused ones. */
class HandshakeStateTest {
    /** The u-coordinates of low order, below the prime. Source: RFC 7748 section 6.1 and its errata's discussion. */
    private static final String[] LOW_ORDER = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
    };

    static Stream<NoiseProtocol> protocols() {
        return Arrays.stream(HandshakePattern.values())
                .flatMap(pattern -> Arrays.stream(NoiseHash.values()).map(hash -> new NoiseProtocol(pattern, hash)));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void bothEndsAgreeAndTalkInBothDirections(NoiseProtocol protocol) {
        assertThat(NoiseProtocol.of(protocol.name())).contains(protocol);
        try (HandshakePair pair = new HandshakePair(protocol).finish()) {
            final boolean initiatorKnown = protocol.pattern().hasStatic(Role.INITIATOR);
            try (NoiseTransport near = pair.initiator.split();
                    NoiseTransport far = pair.responder.split()) {
                assertThat(near.handshakeHash())
                        .hasSize(protocol.hash().length())
                        .isEqualTo(far.handshakeHash());
                assertThat(near.remoteStatic())
                        .isEqualTo(pair.responderKeys.publicKey().toArray(JAVA_BYTE));
                assertThat(far.remoteStatic())
                        .isEqualTo(
                                initiatorKnown ? pair.initiatorKeys.publicKey().toArray(JAVA_BYTE) : null);
                crosses(pair, near.send(), far.receive());
                crosses(pair, far.send(), near.receive());
            }
        }
    }

    private static void crosses(HandshakePair pair, SendingCipherState from, ReceivingCipherState to) {
        for (int length : new int[] {0, 1, 1_024, CipherState.MAX_TEXT_LENGTH}) {
            pair.message.asSlice(0, length).fill((byte) length);
            final int sealed = from.encryptInPlace(pair.message, 0, length);
            assertThat(sealed).isEqualTo(length + CipherState.TAG_LENGTH);
            assertThat(to.decryptInPlace(pair.message, 0, sealed)).isEqualTo(length);
            assertThat(pair.message.asSlice(0, length).toArray(JAVA_BYTE))
                    .satisfies(text -> assertThat(text.length == 0 || text[0] == (byte) length)
                            .isTrue());
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void theLongestMessagesCrossAndLongerOnesAreRefused(NoiseProtocol protocol) {
        try (HandshakePair pair = new HandshakePair(protocol)) {
            while (!pair.initiator.isComplete()) {
                final int room = CipherState.MAX_MESSAGE_LENGTH - pair.writer().overhead();
                assertThat(pair.write(room + 1)).isEqualTo(NoiseStatus.MESSAGE_TOO_LONG);
                assertThat(pair.reader().readMessage(pair.message, CipherState.MAX_MESSAGE_LENGTH + 1, pair.payload))
                        .isEqualTo(NoiseStatus.MESSAGE_TOO_LONG);
                pair.exchange(room);
            }
        }
    }

    @Test
    void anotherPrologueGivesABadTag() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256, "one", "other")) {
            final int length = pair.write(0);
            assertThat(pair.responder.readMessage(pair.message, length, pair.payload))
                    .isEqualTo(NoiseStatus.BAD_TAG);
        }
    }

    @Test
    void everyFlippedBitIsRefusedAndTheTrueMessageStillCounts() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256)) {
            while (!pair.initiator.isComplete()) {
                final HandshakeState reader = pair.reader();
                final int length = pair.write(3);
                for (long bit = 0; bit < length * 8L; bit += 5) {
                    flip(pair.message, bit);
                    assertThat(reader.readMessage(pair.message, length, pair.payload))
                            .as("bit %d", bit)
                            .isEqualTo(NoiseStatus.BAD_TAG);
                    flip(pair.message, bit);
                }
                assertThat(reader.readMessage(pair.message, length - 4, pair.payload))
                        .isEqualTo(NoiseStatus.MESSAGE_TOO_SHORT);
                assertThat(reader.readMessage(pair.message, length, pair.payload))
                        .isEqualTo(3);
            }
            try (NoiseTransport near = pair.initiator.split();
                    NoiseTransport far = pair.responder.split()) {
                assertThat(near.handshakeHash()).isEqualTo(far.handshakeHash());
            }
        }
    }

    @Test
    void lowOrderEphemeralsAreRefused() {
        for (String point : LOW_ORDER) {
            try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256)) {
                final int length = pair.write(0);
                MemorySegment.copy(bytes(point), 0, pair.message, 0, X25519Keys.LENGTH);
                assertThat(pair.responder.readMessage(pair.message, length, pair.payload))
                        .as(point)
                        .isEqualTo(NoiseStatus.LOW_ORDER_KEY);
            }
        }
    }

    @Test
    void aLowOrderResponderKeyEndsTheHandshakeBeforeAnythingIsSent() {
        for (String point : LOW_ORDER) {
            try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256);
                    HandshakeState initiator = pair.builder(Role.INITIATOR, "")
                            .remoteStatic(bytes(point))
                            .start()) {
                assertThat(initiator.writeMessage(pair.payload, 0, pair.message))
                        .as(point)
                        .isEqualTo(NoiseStatus.LOW_ORDER_KEY);
                assertThatIllegalStateException()
                        .isThrownBy(() -> initiator.writeMessage(pair.payload, 0, pair.message));
            }
        }
    }

    @Test
    void callsOutOfTurnAreRefused() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.initiator.readMessage(pair.message, 48, pair.payload));
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.responder.writeMessage(pair.payload, 0, pair.message));
            assertThatIllegalStateException().isThrownBy(pair.initiator::split);
            pair.write(0);
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.initiator.writeMessage(pair.payload, 0, pair.message));
        }
    }

    @Test
    void aFinishedHandshakeIsConsumed() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256).finish()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.responder.writeMessage(pair.payload, 0, pair.message));
            assertThatIllegalStateException().isThrownBy(pair.initiator::overhead);
            pair.initiator.split().close();

            assertThatIllegalStateException().isThrownBy(pair.initiator::split);
            assertThatIllegalStateException().isThrownBy(pair.initiator::remoteStatic);
            assertThatIllegalStateException()
                    .isThrownBy(() -> pair.initiator.writeMessage(pair.payload, 0, pair.message));
            assertThatIllegalStateException().isThrownBy(pair.initiator::memory);
            assertThat(pair.initiator.isComplete()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void theEphemeralSecretIsWipedFromMemoryWithTheLastMessage(NoiseProtocol protocol) {
        final byte[] ephemeral = new byte[32];
        new SeededRandomness(20).fill(MemorySegment.ofArray(ephemeral));
        try (HandshakePair pair = new HandshakePair(protocol)) {
            final MemorySegment memory = pair.initiator.memory();
            pair.exchange(0);
            assertThat(find(memory, ephemeral)).as("while it is needed").isNotNegative();
            pair.finish();
            assertThat(find(memory, ephemeral))
                    .as("when the last message is through")
                    .isNegative();

            pair.initiator.split().close();
            assertThat(memory.toArray(JAVA_BYTE)).as("the cell is wiped").containsOnly((byte) 0);
            assertThatIllegalStateException().isThrownBy(pair.initiator::memory);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localStatic", "remoteStatic", "randomness", "psk"})
    void whatIsMissingIsNamed(String what) {
        try (HandshakePair pair = new HandshakePair(new NoiseProtocol(HandshakePattern.XKpsk3, NoiseHash.SHA256))) {
            final HandshakeBuilder builder = pair.builder(Role.INITIATOR, "");
            switch (what) {
                case "localStatic" -> builder.localStatic(null);
                case "remoteStatic" -> builder.remoteStatic(null);
                case "psk" -> builder.psk(null);
                default -> builder.randomness(null);
            }
            assertThatIllegalArgumentException().isThrownBy(builder::start).withMessageContaining("must have " + what);
        }
    }

    @Test
    void whatHasNoPlaceInThePatternIsRefused() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> pair.builder(Role.INITIATOR, "").psk(pair.psk).start())
                    .withMessageContaining("must not have psk");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.builder(Role.RESPONDER, "")
                            .remoteStatic(bytes(LOW_ORDER[1]))
                            .start())
                    .withMessageContaining("must not have remoteStatic");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pair.builder(Role.INITIATOR, "")
                            .remoteStatic(pair.payload)
                            .start())
                    .withMessageContaining("32 bytes");
        }
    }

    @Test
    void buffersThatAreTooSmallAreRefusedBeforeAnythingHappens() {
        try (HandshakePair pair = new HandshakePair(NoiseProtocol.XK_SHA256)) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> pair.initiator.writeMessage(pair.payload, 1, pair.message.asSlice(0, 48)));
            final int length = pair.write(1);
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> pair.responder.readMessage(pair.message, length, MemorySegment.NULL));
            assertThat(pair.responder.readMessage(pair.message, length, pair.payload))
                    .isEqualTo(1);
        }
    }

    @Test
    void aProtocolThatIsNotHereIsNotFound() {
        assertThat(NoiseProtocol.of("Noise_XK_25519_AESGCM_SHA256")).isEmpty();
        assertThat(NoiseProtocol.of("Noise_XK_448_ChaChaPoly_SHA256")).isEmpty();
        assertThat(NoiseProtocol.of("Noise_KK_25519_ChaChaPoly_SHA256")).isEmpty();
    }

    private static MemorySegment bytes(String hex) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(hex));
    }

    private static void flip(MemorySegment segment, long bit) {
        segment.set(JAVA_BYTE, bit / 8, (byte) (segment.get(JAVA_BYTE, bit / 8) ^ 1 << bit % 8));
    }

    private static long find(MemorySegment memory, byte[] needle) {
        for (long at = 0; at <= memory.byteSize() - needle.length; at++) {
            if (memory.asSlice(at, needle.length).mismatch(MemorySegment.ofArray(needle)) == -1) {
                return at;
            }
        }
        return -1;
    }
}
