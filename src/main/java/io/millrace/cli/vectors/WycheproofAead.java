package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;

/** ChaCha20-Poly1305 of Wycheproof; a nonce that is not 12 bytes must be refused. */
final class WycheproofAead extends WycheproofShape {
    private final ProviderUnderTest provider;

    WycheproofAead(ProviderUnderTest provider) {
        super("chacha20-poly1305", "aead_test_schema_v1.json", "CHACHA20-POLY1305");
        this.provider = provider;
    }

    @Override
    void check(JsonNode group, CaseFields test) {
        new AeadCase(
                        test.bytes("key"),
                        test.bytes("iv"),
                        test.bytes("aad"),
                        test.bytes("msg"),
                        test.bytes("ct"),
                        test.bytes("tag"))
                .check(provider, isValid(test), test);
    }
}
