package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.noise.NoiseProtocol;
import java.util.Optional;

/**
 * Noise handshakes in the shape that cacophony and snow share: under {@code vectors}, keys and prologues of both sides
 * and messages that alternate, also after the handshake. A vector, or one of its messages, with {@code "fail": true} must
 * be refused by its reader.
 *
 * <p>Source: the wiki page "Test vectors" of the Noise project; noise-c for {@code fail}.
 */
final class NoiseHandshakes implements VectorShape {
    @Override
    public String name() {
        return "noise handshakes";
    }

    @Override
    public boolean matches(JsonNode root) {
        final JsonNode first = root.path("vectors").path(0);
        return first.has("messages") && (first.has("init_ephemeral") || first.has("init_prologue"));
    }

    @Override
    public void run(JsonNode root, CaseLog log) {
        int position = 0;
        for (final JsonNode vector : root.get("vectors")) {
            position++;
            final String protocolName = vector.path(vector.has("protocol_name") ? "protocol_name" : "name")
                    .asText();
            final Optional<NoiseProtocol> protocol = NoiseProtocol.of(protocolName);
            if (protocol.isPresent()) {
                log.check("vector " + position + " (" + protocolName + ")", vector, fields -> {
                    try (NoiseCase run = new NoiseCase(protocol.get(), fields)) {
                        run.check(vector);
                    }
                });
            } else {
                log.skip("no protocol " + protocolName);
            }
        }
    }
}
