package io.millrace.cli.vectors;

import java.util.Set;

/** ChaCha20-Poly1305 in the field names of BoringSSL's vectors; the first is RFC 8439 section 2.8.2. */
final class BoringAead extends ListShape {
    private final ProviderUnderTest provider;

    BoringAead(ProviderUnderTest provider) {
        super("chacha20-poly1305 boringssl", "COUNT", Set.of("KEY", "NONCE", "IN", "AD", "CT", "TAG"), Set.of("COUNT"));
        this.provider = provider;
    }

    @Override
    void check(CaseFields fields) {
        new AeadCase(
                        fields.bytes("KEY"),
                        fields.bytes("NONCE"),
                        fields.bytes("AD"),
                        fields.bytes("IN"),
                        fields.bytes("CT"),
                        fields.bytes("TAG"))
                .check(provider, true, fields);
    }
}
