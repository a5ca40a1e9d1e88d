package io.millrace.cli.vectors;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.ProgramRun;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.noise.CipherState;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shape of cacophony and snow, over a vector that this test makes: whole, tampered with, and meant to fail. */
class NoiseHandshakesTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    void aTrueVectorWithTheLongestMessagePasses() throws IOException {
        final JsonNode report = run(vector());
        assertThat(report.path("passed").asInt()).isEqualTo(1);
        assertThat(report.at("/files/0/shape").asText()).isEqualTo("noise handshakes");
    }

    @Test
    void aWrongByteAnywhereFailsAndIsNamed() throws IOException {
        for (int message = 0; message < 5; message++) {
            final ObjectNode vector = vector();
            spoil(vector, message);
            final JsonNode report = run(vector);
            assertThat(report.path("failed").asInt()).isEqualTo(1);
            assertThat(report.at("/files/0/failures/0/why").asText()).startsWith("message " + message);
        }
        final JsonNode report = run(vector().put("handshake_hash", "00".repeat(32)));
        assertThat(report.at("/files/0/failures/0/why").asText()).startsWith("initiator's handshake hash");
    }

    @Test
    void whatMustFailPassesOnlyIfItIsRefused() throws IOException {
        for (int message = 0; message < 5; message++) {
            final ObjectNode vector = vector().put("fail", true);
            assertThat(run(vector).path("failed").asInt()).isEqualTo(1);
            spoil(vector, message);
            assertThat(run(vector).path("passed").asInt()).isEqualTo(1);

            final ObjectNode byMessage = vector();
            ((ObjectNode) byMessage.path("messages").get(message)).put("fail", true);
            assertThat(run(byMessage).path("failed").asInt()).isEqualTo(1);
            spoil(byMessage, message);
            assertThat(run(byMessage).path("passed").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aProtocolThatIsNotHereIsSkippedByName() throws IOException {
        final JsonNode report = run(vector().put("protocol_name", "Noise_XK_448_AESGCM_SHA512"));
        assertThat(report.path("skipped").asInt()).isEqualTo(1);
        assertThat(report.at("/files/0/reasons").has("no protocol Noise_XK_448_AESGCM_SHA512"))
                .isTrue();
    }

    private JsonNode run(ObjectNode vector) throws IOException {
        final ObjectNode root = JSON.createObjectNode();
        root.putArray("vectors").add(vector);
        Files.writeString(folder.resolve("noise.json"), root.toString());
        return ProgramRun.of("vectors", "--json", "--provider", "sodium", folder.toString())
                .json();
    }

    private static void spoil(ObjectNode vector, int message) {
        final ObjectNode node = (ObjectNode) vector.path("messages").get(message);
        final byte[] bytes = HEX.parseHex(node.path("ciphertext").asText());
        bytes[bytes.length - 1] ^= 1;
        node.put("ciphertext", HEX.formatHex(bytes));
    }

    private static ObjectNode vector() {
        try (Arena arena = Arena.ofConfined();
                X25519KeyPair initiatorKeys = X25519KeyPair.of(filled(arena, 1));
                X25519KeyPair responderKeys = X25519KeyPair.of(filled(arena, 2));
                HandshakeState initiator = HandshakeState.of(NoiseProtocol.XK_SHA256, Role.INITIATOR)
                        .localStatic(initiatorKeys)
                        .remoteStatic(responderKeys.publicKey())
                        .randomness(segment -> segment.fill((byte) 3))
                        .start();
                HandshakeState responder = HandshakeState.of(NoiseProtocol.XK_SHA256, Role.RESPONDER)
                        .localStatic(responderKeys)
                        .randomness(segment -> segment.fill((byte) 4))
                        .start()) {
            final ObjectNode vector = JSON.createObjectNode()
                    .put("protocol_name", "Noise_XK_25519_ChaChaPoly_SHA256")
                    .put("init_prologue", "")
                    .put("resp_prologue", "")
                    .put("init_static", "01".repeat(32))
                    .put("init_ephemeral", "03".repeat(32))
                    .put(
                            "init_remote_static",
                            HEX.formatHex(responderKeys.publicKey().toArray(JAVA_BYTE)))
                    .put("resp_static", "02".repeat(32))
                    .put("resp_ephemeral", "04".repeat(32));
            final ArrayNode messages = vector.putArray("messages");
            final MemorySegment message = arena.allocate(CipherState.MAX_MESSAGE_LENGTH);
            final MemorySegment payload = arena.allocateFrom("payload");
            final MemorySegment read = arena.allocate(CipherState.MAX_MESSAGE_LENGTH);
            HandshakeState writer = initiator;
            HandshakeState reader = responder;
            while (!initiator.isComplete()) {
                final int length = writer.writeMessage(payload, 7, message);
                reader.readMessage(message, length, read);
                add(messages, payload.asSlice(0, 7), message.asSlice(0, length));
                final HandshakeState swap = writer;
                writer = reader;
                reader = swap;
            }
            try (NoiseTransport near = initiator.split();
                    NoiseTransport far = responder.split()) {
                vector.put("handshake_hash", HEX.formatHex(near.handshakeHash()));
                final MemorySegment text = arena.allocate(CipherState.MAX_TEXT_LENGTH);
                addSealed(messages, far, text, message);
                addSealed(messages, near, text.asSlice(0, 1), message);
            }
            return vector;
        }
    }

    private static void addSealed(ArrayNode messages, NoiseTransport from, MemorySegment text, MemorySegment message) {
        MemorySegment.copy(text, 0, message, 0, text.byteSize());
        add(messages, text, message.asSlice(0, from.send().encryptInPlace(message, 0, (int) text.byteSize())));
    }

    private static void add(ArrayNode messages, MemorySegment payload, MemorySegment ciphertext) {
        messages.addObject()
                .put("payload", HEX.formatHex(payload.toArray(JAVA_BYTE)))
                .put("ciphertext", HEX.formatHex(ciphertext.toArray(JAVA_BYTE)));
    }

    private static MemorySegment filled(Arena arena, int value) {
        return arena.allocate(32).fill((byte) value);
    }
}
