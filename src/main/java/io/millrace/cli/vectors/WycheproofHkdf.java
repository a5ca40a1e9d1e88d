package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.Hkdf;
import java.lang.foreign.MemorySegment;

/** HKDF-SHA-256 of Wycheproof; an output longer than 255 blocks must be refused. */
final class WycheproofHkdf extends WycheproofShape {
    WycheproofHkdf() {
        super("hkdf-sha256", "hkdf_test_schema_v1.json", "HKDF-SHA-256");
    }

    @Override
    void check(JsonNode group, CaseFields test) {
        final boolean valid = isValid(test);
        final MemorySegment okm = test.blank(test.number("size"));
        Expectation.verdict("derivation", valid, derives(okm, test));
        if (valid) {
            Expectation.equal("okm", test.bytes("okm"), okm);
        }
    }

    private static boolean derives(MemorySegment okm, CaseFields test) {
        final MemorySegment salt = test.bytes("salt");
        final MemorySegment ikm = test.bytes("ikm");
        final MemorySegment info = test.bytes("info");
        try {
            Hkdf.derive(okm, salt, ikm, info);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
