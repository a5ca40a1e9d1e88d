package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.Ed25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Ed25519 verification of Wycheproof. Signatures of a wrong length are refused by their length. */
final class WycheproofEd25519 extends WycheproofShape {
    WycheproofEd25519() {
        super("ed25519", "eddsa_verify_schema_v1.json", "EDDSA");
    }

    @Override
    boolean supports(JsonNode group) {
        return "edwards25519".equals(group.path("publicKey").path("curve").asText());
    }

    @Override
    void check(JsonNode group, CaseFields test) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment publicKey = new CaseFields(group.path("publicKey"), arena).bytes("pk");
            final MemorySegment signature = test.bytes("sig");
            final boolean accepted = signature.byteSize() == Ed25519.SIGNATURE_LENGTH
                    && Ed25519.verify(signature, test.bytes("msg"), publicKey);
            Expectation.verdict("verification", isValid(test), accepted);
        }
    }
}
