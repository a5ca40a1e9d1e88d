package io.millrace.rig.crypto;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;

/** One provider, but the packets' scalar multiplications by another. */
public final class MultiplyingCrypto extends DelegatingCrypto {
    private final BatchCrypto multiplier;

    /**
     * Joins two providers, both of which stay the caller's.
     *
     * @param provider does all but {@link #x25519} and gives the name.
     * @param multiplier does {@link #x25519}.
     */
    public MultiplyingCrypto(BatchCrypto provider, BatchCrypto multiplier) {
        super(provider);
        this.multiplier = multiplier;
    }

    @Override
    public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
        multiplier.x25519(count, out, scalar, point, ok);
    }
}
