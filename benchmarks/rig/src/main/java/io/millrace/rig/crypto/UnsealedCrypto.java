package io.millrace.rig.crypto;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;

/**
 * Seals and opens nothing: only the layout of link frames remains. Both ends of a link must use it, so it is of no use
 * to a relay, whose neighbours drop its frames; no option and no configuration leads to it but the matrix of
 * {@code bench}.
 */
public final class UnsealedCrypto extends DelegatingCrypto {
    /** Leaves out the AEAD of {@code provider}, which stays the caller's. */
    public UnsealedCrypto(BatchCrypto provider) {
        super(provider);
    }

    @Override
    public void aeadSeal(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key) {}

    @Override
    public void aeadOpen(
            int count,
            AddressArray text,
            int length,
            AddressArray tag,
            AddressArray ad,
            int adLength,
            AddressArray nonce,
            AddressArray key,
            StatusArray ok) {
        for (int i = 0; i < count; i++) {
            ok.set(i, true);
        }
    }
}
