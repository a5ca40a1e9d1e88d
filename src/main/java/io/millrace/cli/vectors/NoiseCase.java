package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.noise.CipherState;
import io.millrace.noise.HandshakeBuilder;
import io.millrace.noise.HandshakePattern;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.NoiseStatus;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/** One Noise vector: both ends of it, and the message between them. */
final class NoiseCase implements AutoCloseable {
    private static final String FAIL = "fail";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final NoiseProtocol protocol;
    private final CaseFields fields;
    private final HandshakeState initiator;
    private final HandshakeState responder;
    private final MemorySegment message;
    private final MemorySegment text;
    private NoiseTransport initiatorTransport;
    private NoiseTransport responderTransport;

    NoiseCase(NoiseProtocol protocol, CaseFields fields) {
        this.protocol = protocol;
        this.fields = fields;
        this.message = fields.blank(CipherState.MAX_MESSAGE_LENGTH);
        this.text = fields.blank(CipherState.MAX_MESSAGE_LENGTH);
        this.initiator = keep(start(Role.INITIATOR, "init_"));
        this.responder = keep(start(Role.RESPONDER, "resp_"));
    }

    private HandshakeState start(Role role, String prefix) {
        final HandshakePattern pattern = protocol.pattern();
        final HandshakeBuilder builder = HandshakeState.of(protocol, role);
        if (fields.has(prefix + "prologue")) {
            builder.prologue(fields.bytes(prefix + "prologue"));
        }
        if (pattern.hasStatic(role)) {
            builder.localStatic(keep(X25519KeyPair.of(fields.bytes(prefix + "static"))));
        }
        if (role == Role.INITIATOR && pattern.responderKnown()) {
            builder.remoteStatic(fields.bytes(prefix + "remote_static"));
        }
        if (pattern.hasPsk()) {
            builder.psk(keep(SecretKey.copyOf(fields.onlyBytesOf(prefix + "psks"))));
        }
        final MemorySegment ephemeral = fields.bytes(prefix + "ephemeral");
        final Randomness fixed = segment -> segment.copyFrom(ephemeral);
        return builder.randomness(fixed).start();
    }

    /** Plays all messages, or up to the refused one where the vector demands a refusal. */
    void check(JsonNode vector) {
        final boolean mustFail = vector.path(FAIL).asBoolean();
        int index = 0;
        for (final JsonNode node : vector.path("messages")) {
            final CaseFields fieldsOfMessage = new CaseFields(node, fields.arena());
            final boolean thisMustFail = node.path(FAIL).asBoolean();
            final boolean accepted = play(index, fieldsOfMessage, mustFail || thisMustFail);
            if (!accepted && (mustFail || thisMustFail)) {
                return;
            }
            Expectation.verdict("reader of message " + index, !thisMustFail, accepted);
            index++;
        }
        Expectation.verdict("readers", !mustFail, true);
        if (index < protocol.pattern().messageCount()) {
            throw new VectorMismatch("malformed: fewer messages than the pattern has");
        }
    }

    /** One message from writer to reader; false if the reader refuses it. */
    private boolean play(int index, CaseFields fieldsOfMessage, boolean mayDiffer) {
        final MemorySegment payload = fieldsOfMessage.bytes("payload");
        final MemorySegment expected = fieldsOfMessage.bytes("ciphertext");
        final boolean fromInitiator = index % 2 == 0;
        final int written = initiatorTransport == null
                ? (fromInitiator ? initiator : responder).writeMessage(payload, (int) payload.byteSize(), message)
                : seal(fromInitiator ? initiatorTransport : responderTransport, payload);
        requireLength("writer of message " + index, written);
        if (!mayDiffer) {
            Expectation.equal("message " + index, expected, message.asSlice(0, written));
        }
        final int length = (int) expected.byteSize();
        final int read = initiatorTransport == null
                ? (fromInitiator ? responder : initiator).readMessage(expected, length, text)
                : open(fromInitiator ? responderTransport : initiatorTransport, expected);
        if (read < 0) {
            return false;
        }
        Expectation.equal("payload " + index, payload, text.asSlice(0, read));
        splitIfComplete();
        return true;
    }

    private int seal(NoiseTransport transport, MemorySegment payload) {
        MemorySegment.copy(payload, 0, message, 0, payload.byteSize());
        return transport.send().encryptInPlace(message, 0, (int) payload.byteSize());
    }

    private int open(NoiseTransport transport, MemorySegment ciphertext) {
        MemorySegment.copy(ciphertext, 0, text, 0, ciphertext.byteSize());
        return transport.receive().decryptInPlace(text, 0, (int) ciphertext.byteSize());
    }

    private void splitIfComplete() {
        if (initiatorTransport != null || !initiator.isComplete() || !responder.isComplete()) {
            return;
        }
        initiatorTransport = keep(initiator.split());
        responderTransport = keep(responder.split());
        if (fields.has("handshake_hash")) {
            final MemorySegment expected = fields.bytes("handshake_hash");
            Expectation.equal(
                    "initiator's handshake hash", expected, MemorySegment.ofArray(initiatorTransport.handshakeHash()));
            Expectation.equal(
                    "responder's handshake hash", expected, MemorySegment.ofArray(responderTransport.handshakeHash()));
        }
    }

    private static void requireLength(String who, int status) {
        if (status < 0) {
            throw new VectorMismatch(who + ": " + NoiseStatus.name(status));
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() {
        for (final AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new AssertionError("wiping memory cannot fail", e);
            }
        }
    }
}
