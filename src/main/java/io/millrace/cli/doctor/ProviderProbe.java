package io.millrace.cli.doctor;

import io.millrace.crypto.SodiumUnavailableException;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.crypto.provider.LanesKernels;

/** The provider that {@code auto} takes for the packet path, and why. */
final class ProviderProbe implements Probe {
    @Override
    public Finding look() {
        try {
            return Finding.ok(
                    "provider",
                    CryptoProviders.byName("auto").name()
                            + (LanesKernels.available() ? ", our own kernels: " : ", as lanes cannot be used: ")
                            + LanesKernels.reason());
        } catch (SodiumUnavailableException e) {
            return Finding.missing("provider", "none: there is no libsodium", "see libsodium");
        }
    }
}
