package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.HmacSha256;
import java.lang.foreign.MemorySegment;

/** HMAC-SHA-256 of Wycheproof; a truncated tag is the first bytes of the whole one. */
final class WycheproofHmac extends WycheproofShape {
    private static final int BITS_PER_BYTE = 8;

    WycheproofHmac() {
        super("hmac-sha256", "mac_test_schema_v1.json", "HMACSHA256");
    }

    @Override
    void check(JsonNode group, CaseFields test) {
        final MemorySegment key = test.bytes("key");
        final MemorySegment message = test.bytes("msg");
        final MemorySegment tag = test.bytes("tag");
        final int tagLength = group.path("tagSize").asInt() / BITS_PER_BYTE;
        final MemorySegment computed = test.blank(HmacSha256.LENGTH);
        HmacSha256.tag(computed, key, message);
        final boolean valid = isValid(test);
        Expectation.verdict(
                "comparison",
                valid,
                tag.byteSize() == tagLength && computed.asSlice(0, tagLength).mismatch(tag) == -1);
        if (tagLength == HmacSha256.LENGTH) {
            Expectation.verdict("verification", valid, HmacSha256.verify(tag, key, message));
        }
    }
}
