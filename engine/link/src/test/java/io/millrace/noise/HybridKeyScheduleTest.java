package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.MlKem768;
import io.millrace.crypto.MlKem768KeyPair;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Secrecy against an observer who has the transcript of a handshake and, later, every X25519 secret of both ends, the
 * ephemeral ones included: all of a classical session, nothing of a hybrid one without the secret of the KEM.
 */
class HybridKeyScheduleTest {
    private static final int ROOM = 2_048;
    private static final byte[] TEXT = "said in the session".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final Arena arena = Arena.ofConfined();
    private final X25519KeyPair initiatorKeys = X25519KeyPair.generate(new SeededRandomness(1));
    private final X25519KeyPair responderKeys = X25519KeyPair.generate(new SeededRandomness(2));
    private final MemorySegment kemSecret = arena.allocate(MlKem768.SECRET_LENGTH);
    private final List<byte[]> messages = new ArrayList<>();
    private byte[] kemKey = {};
    private byte[] frame;

    @AfterEach
    void closeAll() {
        initiatorKeys.close();
        responderKeys.close();
        arena.close();
    }

    @Test
    void aHybridTranscriptWithAllX25519SecretsOpensNothingWithoutTheKemSecret() {
        record(NoiseProtocol.XKPSK3_SHA256);

        for (int guess = 0; guess < 20; guess++) {
            final MemorySegment guessed = arena.allocate(MlKem768.SECRET_LENGTH);
            if (guess > 0) {
                new SeededRandomness(100 + guess).fill(guessed);
            }
            assertThat(opens(NoiseProtocol.XKPSK3_SHA256, guessed)).isFalse();
        }
        assertThat(opens(NoiseProtocol.XKPSK3_SHA256, kemSecret))
                .as("with the secret of the KEM")
                .isTrue();
    }

    @Test
    void aClassicalTranscriptWithAllX25519SecretsOpensEverything() {
        record(NoiseProtocol.XK_SHA256);

        assertThat(opens(NoiseProtocol.XK_SHA256, null)).isTrue();
    }

    @Test
    void thePreSharedKeyIsGivenOnceAndBeforeItIsMixed() {
        try (HandshakeState initiator = initiator(NoiseProtocol.XKPSK3_SHA256);
                HandshakeState responder = responder(NoiseProtocol.XKPSK3_SHA256)) {
            final MemorySegment out = arena.allocate(ROOM);
            final MemorySegment payload = arena.allocate(ROOM);
            responder.readMessage(out, initiator.writeMessage(MemorySegment.NULL, 0, out), payload);
            initiator.readMessage(out, responder.writeMessage(MemorySegment.NULL, 0, out), payload);
            assertThatThrownBy(() -> initiator.writeMessage(MemorySegment.NULL, 0, out))
                    .isInstanceOf(IllegalStateException.class);
            responder.givePsk(kemSecret);
            assertThatThrownBy(() -> responder.givePsk(kemSecret)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> initiator.givePsk(kemSecret.asSlice(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        try (HandshakeState classical = initiator(NoiseProtocol.XK_SHA256)) {
            assertThatThrownBy(() -> classical.givePsk(kemSecret)).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Both ends make a session and one frame, while an observer records. */
    private void record(NoiseProtocol protocol) {
        final boolean hybrid = protocol.pattern().hasPsk();
        try (HandshakeState initiator = initiator(protocol);
                HandshakeState responder = responder(protocol);
                MlKem768KeyPair kem = MlKem768KeyPair.generate(new SeededRandomness(5))) {
            final MemorySegment ciphertext = arena.allocate(hybrid ? MlKem768.CIPHERTEXT_LENGTH : 0);
            kemKey = hybrid ? kem.publicKey().toArray(JAVA_BYTE) : kemKey;
            move(initiator, responder, kemKey);
            if (hybrid) {
                MlKem768.encapsulate(kem.publicKey(), new SeededRandomness(6), ciphertext, kemSecret);
                responder.givePsk(kemSecret);
            }
            move(responder, initiator, ciphertext.toArray(JAVA_BYTE));
            if (hybrid) {
                final MemorySegment secret = arena.allocate(MlKem768.SECRET_LENGTH);
                kem.decapsulate(ciphertext, secret);
                initiator.givePsk(secret);
            }
            move(initiator, responder, new byte[0]);
            try (NoiseTransport there = initiator.split();
                    NoiseTransport here = responder.split()) {
                final MemorySegment buffer = arena.allocate(ROOM);
                MemorySegment.copy(TEXT, 0, buffer, JAVA_BYTE, 0, TEXT.length);
                final int length = there.send().encryptInPlace(buffer, 0, TEXT.length);
                frame = buffer.asSlice(0, length).toArray(JAVA_BYTE);
                assertThat(here.receive().decryptInPlace(buffer, 0, length)).isEqualTo(TEXT.length);
            }
        }
    }

    /** Whether an observer with all X25519 secrets and {@code kemGuess} opens the recorded frame. */
    private boolean opens(NoiseProtocol protocol, MemorySegment kemGuess) {
        try (HandshakeState observer = initiator(protocol)) {
            final MemorySegment out = arena.allocate(ROOM);
            final MemorySegment payload = arena.allocateFrom(JAVA_BYTE, kemKey);
            final int first = observer.writeMessage(payload, kemKey.length, out);
            assertThat(out.asSlice(0, first).toArray(JAVA_BYTE))
                    .as("the observer has all X25519 secrets")
                    .isEqualTo(messages.get(0));
            final byte[] second = messages.get(1);
            assertThat(observer.readMessage(arena.allocateFrom(JAVA_BYTE, second), second.length, arena.allocate(ROOM)))
                    .as("reads the ciphertext of the KEM")
                    .isNotNegative();
            if (kemGuess != null) {
                observer.givePsk(kemGuess);
            }
            observer.writeMessage(MemorySegment.NULL, 0, out);
            try (NoiseTransport keys = observer.split()) {
                final int there = decrypted(keys.send());
                final int back = decrypted(keys.receive());
                return there == TEXT.length || back == TEXT.length;
            }
        }
    }

    /** Under the key of a sending state too: an observer may use any. */
    private int decrypted(CipherState cipher) {
        final MemorySegment key = arena.allocate(CipherState.KEY_LENGTH);
        cipher.copyKey(key);
        try (ReceivingCipherState any = ReceivingCipherState.of(key)) {
            return any.decryptInPlace(arena.allocateFrom(JAVA_BYTE, frame), 0, frame.length);
        }
    }

    private void move(HandshakeState from, HandshakeState to, byte[] payload) {
        final MemorySegment out = arena.allocate(ROOM);
        final int length = from.writeMessage(arena.allocateFrom(JAVA_BYTE, payload), payload.length, out);
        messages.add(out.asSlice(0, length).toArray(JAVA_BYTE));
        assertThat(to.readMessage(out, length, arena.allocate(ROOM))).isEqualTo(payload.length);
    }

    private HandshakeState initiator(NoiseProtocol protocol) {
        return builder(protocol, Role.INITIATOR, 3)
                .localStatic(initiatorKeys)
                .remoteStatic(responderKeys.publicKey())
                .start();
    }

    private HandshakeState responder(NoiseProtocol protocol) {
        return builder(protocol, Role.RESPONDER, 4).localStatic(responderKeys).start();
    }

    private static HandshakeBuilder builder(NoiseProtocol protocol, Role role, int seed) {
        final HandshakeBuilder builder = HandshakeState.of(protocol, role).randomness(new SeededRandomness(seed));
        return protocol.pattern().hasPsk() ? builder.pskLater() : builder;
    }
}
