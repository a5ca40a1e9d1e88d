package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.Hkdf;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;

/**
 * HKDF of its RFC, with the pseudorandom key between its two steps.
 *
 * <p>Source: RFC 5869 appendix A.
 */
final class RfcHkdf extends ListShape {
    RfcHkdf() {
        super("rfc 5869 hkdf", "name", Set.of("hash", "ikm", "salt", "info", "l", "prk", "okm"), Set.of("name"));
    }

    @Override
    Optional<String> skipReason(JsonNode node) {
        final String hash = node.path("hash").asText();
        return hash.equals("SHA-256") ? Optional.empty() : Optional.of("no HKDF with " + hash);
    }

    @Override
    void check(CaseFields fields) {
        final MemorySegment prk = fields.blank(Hkdf.PRK_LENGTH);
        final MemorySegment okm = fields.blank(fields.number("l"));
        Hkdf.extract(prk, fields.bytes("salt"), fields.bytes("ikm"));
        Expectation.equal("prk", fields.bytes("prk"), prk);
        Hkdf.expand(okm, prk, fields.bytes("info"));
        Expectation.equal("okm", fields.bytes("okm"), okm);
    }
}
