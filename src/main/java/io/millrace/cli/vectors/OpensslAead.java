package io.millrace.cli.vectors;

import java.util.Set;

/**
 * ChaCha20-Poly1305 in the field names of OpenSSL's vectors; an entry with {@code Result = CIPHERFINAL_ERROR} must be
 * refused.
 *
 * <p>Source: the first is RFC 8439 appendix A.5.
 */
final class OpensslAead extends ListShape {
    private static final String REFUSED = "CIPHERFINAL_ERROR";

    private final ProviderUnderTest provider;

    OpensslAead(ProviderUnderTest provider) {
        super(
                "chacha20-poly1305 openssl",
                "COUNT",
                Set.of("Key", "IV", "AAD", "Tag", "Plaintext", "Ciphertext"),
                Set.of("COUNT", "Result"));
        this.provider = provider;
    }

    @Override
    void check(CaseFields fields) {
        if (fields.has("Result") && !fields.text("Result").equals(REFUSED)) {
            throw new VectorMismatch("no rule for Result=" + fields.text("Result"));
        }
        new AeadCase(
                        fields.bytes("Key"),
                        fields.bytes("IV"),
                        fields.bytes("AAD"),
                        fields.bytes("Plaintext"),
                        fields.bytes("Ciphertext"),
                        fields.bytes("Tag"))
                .check(provider, !fields.has("Result"), fields);
    }
}
