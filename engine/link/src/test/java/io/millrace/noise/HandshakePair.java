package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Two ends of one handshake, with the buffers between them. */
final class HandshakePair implements AutoCloseable {
    final Arena arena = Arena.ofConfined();
    final NoiseProtocol protocol;
    final X25519KeyPair initiatorKeys = X25519KeyPair.generate(new SeededRandomness(11));
    final X25519KeyPair responderKeys = X25519KeyPair.generate(new SeededRandomness(12));
    final SecretKey psk = SecretKey.generate(new SeededRandomness(13));
    final HandshakeState initiator;
    final HandshakeState responder;
    final MemorySegment message = arena.allocate(CipherState.MAX_MESSAGE_LENGTH + 1L);
    final MemorySegment payload = arena.allocate(CipherState.MAX_MESSAGE_LENGTH + 1L);

    HandshakePair(NoiseProtocol protocol) {
        this(protocol, "prologue", "prologue");
    }

    HandshakePair(NoiseProtocol protocol, String initiatorPrologue, String responderPrologue) {
        this.protocol = protocol;
        initiator = builder(Role.INITIATOR, initiatorPrologue).start();
        responder = builder(Role.RESPONDER, responderPrologue).start();
    }

    HandshakeBuilder builder(Role role, String prologue) {
        final HandshakePattern pattern = protocol.pattern();
        final HandshakeBuilder builder = HandshakeState.of(protocol, role)
                .prologue(arena.allocateFrom(JAVA_BYTE, prologue.getBytes(StandardCharsets.US_ASCII)))
                .randomness(new SeededRandomness(role == Role.INITIATOR ? 20 : 21));
        if (pattern.hasStatic(role)) {
            builder.localStatic(role == Role.INITIATOR ? initiatorKeys : responderKeys);
        }
        if (role == Role.INITIATOR && pattern.responderKnown()) {
            builder.remoteStatic(responderKeys.publicKey());
        }
        if (pattern.hasPsk()) {
            builder.psk(psk);
        }
        return builder;
    }

    HandshakeState writer() {
        return initiator.isTurnToWrite() ? initiator : responder;
    }

    HandshakeState reader() {
        return initiator.isTurnToWrite() ? responder : initiator;
    }

    /** Writes the next message with a payload of that length; returns the message's length. */
    int write(int payloadLength) {
        return writer().writeMessage(payload, payloadLength, message);
    }

    /** Moves one message across. */
    void exchange(int payloadLength) {
        final HandshakeState reader = reader();
        payload.asSlice(0, payloadLength).fill((byte) 0x5a);
        final int length = write(payloadLength);
        payload.fill((byte) 0);
        assertThat(reader.readMessage(message, length, payload)).isEqualTo(payloadLength);
        final byte[] expected = new byte[payloadLength];
        Arrays.fill(expected, (byte) 0x5a);
        assertThat(payload.asSlice(0, payloadLength).toArray(JAVA_BYTE)).isEqualTo(expected);
    }

    /** Moves all messages across. */
    HandshakePair finish() {
        while (!initiator.isComplete()) {
            exchange(9);
        }
        assertThat(responder.isComplete()).isTrue();
        return this;
    }

    @Override
    public void close() {
        initiator.close();
        responder.close();
        initiatorKeys.close();
        responderKeys.close();
        psk.close();
        arena.close();
    }
}
