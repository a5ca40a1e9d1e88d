package io.millrace.cli.vectors;

import io.millrace.crypto.Aead;
import java.lang.foreign.MemorySegment;

/**
 * One ChaCha20-Poly1305 case, whatever file it comes from.
 *
 * <p>Source: RFC 8439 section 2.8.
 */
record AeadCase(
        MemorySegment key,
        MemorySegment nonce,
        MemorySegment ad,
        MemorySegment plaintext,
        MemorySegment ciphertext,
        MemorySegment tag) {

    /** Seals and opens by the facade and by the provider, or, where not {@code valid}, sees both refuse to open. */
    void check(ProviderUnderTest provider, boolean valid, CaseFields fields) {
        if (nonce.byteSize() != Aead.NONCE_LENGTH) {
            // The facade refuses the length, and a batch has no other.
            Expectation.verdict("facade", valid, facadeTakesNonce(fields));
            return;
        }
        final MemorySegment byFacade = fields.copy(ciphertext);
        final MemorySegment byProvider = fields.copy(ciphertext);
        Expectation.verdict("facade", valid, Aead.open(byFacade, tag, ad, nonce, key));
        Expectation.verdict(provider.name(), valid, provider.open(fields.arena(), byProvider, tag, ad, nonce, key));
        if (!valid) {
            return;
        }
        Expectation.equal("facade's plaintext", plaintext, byFacade);
        Expectation.equal(provider.name() + "'s plaintext", plaintext, byProvider);
        sealsTo(fields);
        sealsTo(provider, fields);
    }

    private boolean facadeTakesNonce(CaseFields fields) {
        try {
            return Aead.open(fields.copy(ciphertext), tag, ad, nonce, key);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void sealsTo(CaseFields fields) {
        final MemorySegment text = fields.copy(plaintext);
        final MemorySegment sealTag = fields.blank(Aead.TAG_LENGTH);
        Aead.seal(text, sealTag, ad, nonce, key);
        Expectation.equal("facade's ciphertext", ciphertext, text);
        Expectation.equal("facade's tag", tag, sealTag);
    }

    private void sealsTo(ProviderUnderTest provider, CaseFields fields) {
        final MemorySegment text = fields.copy(plaintext);
        final MemorySegment sealTag = fields.blank(Aead.TAG_LENGTH);
        provider.seal(fields.arena(), text, sealTag, ad, nonce, key);
        Expectation.equal(provider.name() + "'s ciphertext", ciphertext, text);
        Expectation.equal(provider.name() + "'s tag", tag, sealTag);
    }
}
