package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.MemorySegment;

/**
 * X25519 of Wycheproof.
 *
 * <p>Rule for {@code acceptable}: a shared secret of zero (flag {@code ZeroSharedSecret}) must be refused; everything
 * else (points on the twist, non-canonical and special public keys) must be accepted with the file's result.
 *
 * <p>Source: RFC 7748 section 5 for what to accept, section 6.1 for what to refuse.
 */
final class WycheproofX25519 extends WycheproofShape {
    private final ProviderUnderTest provider;

    WycheproofX25519(ProviderUnderTest provider) {
        super("x25519", "xdh_comp_schema_v1.json", "XDH");
        this.provider = provider;
    }

    @Override
    boolean supports(JsonNode group) {
        return "curve25519".equals(group.path("curve").asText());
    }

    @Override
    void check(JsonNode group, CaseFields test) {
        final boolean accept =
                !test.text("result").equals("invalid") && !test.flags().contains("ZeroSharedSecret");
        final MemorySegment scalar = test.bytes("private");
        final MemorySegment point = test.bytes("public");
        final MemorySegment facade = test.blank(X25519Keys.LENGTH);
        final MemorySegment batch = test.blank(X25519Keys.LENGTH);

        Expectation.verdict("facade", accept, X25519Keys.sharedSecret(facade, scalar, point));
        Expectation.verdict(provider.name(), accept, provider.x25519(test.arena(), batch, scalar, point));
        if (accept) {
            Expectation.equal("facade", test.bytes("shared"), facade);
            Expectation.equal(provider.name(), test.bytes("shared"), batch);
        }
    }
}
