package io.millrace.crypto.provider;

import io.millrace.crypto.Sodium;
import io.millrace.crypto.SodiumUnavailableException;
import io.millrace.natives.LanesLevel;

/** Chooses the provider of the packet path by its name in the configuration. */
public final class CryptoProviders {
    private CryptoProviders() {}

    /**
     * Gives the provider of this name.
     *
     * @param name {@code sodium}, {@code lanes}, or {@code auto} for the fastest that this machine runs;
     *     {@code lanes-avx2}, {@code lanes-avx512} and {@code lanes-ifma} are {@code lanes} with the kernels of that level,
     *     to measure and test what another processor would get.
     * @throws IllegalArgumentException if there is no such provider, or if {@code lanes} is not available; the message
     *     says why.
     * @throws SodiumUnavailableException if libsodium cannot be loaded; the message says what to do.
     */
    public static BatchCrypto byName(String name) {
        Sodium.require();
        return switch (name) {
            case SodiumBatchCrypto.NAME -> new SodiumBatchCrypto();
            case LanesBatchCrypto.NAME -> required(LanesKernels.choice());
            case "lanes-avx2" -> required(LanesKernels.at(LanesLevel.AVX2));
            case "lanes-avx512" -> required(LanesKernels.at(LanesLevel.AVX512));
            case "lanes-ifma" -> required(LanesKernels.at(LanesLevel.IFMA));
            case "auto" -> LanesKernels.provider().orElseGet(SodiumBatchCrypto::new);
            default ->
                throw new IllegalArgumentException("crypto provider must be auto, lanes or sodium: provider=" + name);
        };
    }

    private static BatchCrypto required(LanesKernels.Choice choice) {
        return choice.provider()
                .orElseThrow(() ->
                        new IllegalArgumentException("crypto provider lanes is not available: " + choice.reason()));
    }
}
