package io.millrace.crypto;

/** Chooses the provider of the packet path by its name in the configuration. */
public final class CryptoProviders {
    private CryptoProviders() {}

    /**
     * Gives the provider of this name.
     *
     * @param name {@code sodium}, {@code lanes}, or {@code auto} for the fastest that this machine runs.
     * @throws IllegalArgumentException if there is no such provider, or if {@code lanes} is not available; the message
     *     says why.
     * @throws SodiumUnavailableException if libsodium cannot be loaded; the message says what to do.
     */
    public static BatchCrypto byName(String name) {
        Sodium.require();
        return switch (name) {
            case SodiumBatchCrypto.NAME -> new SodiumBatchCrypto();
            case LanesBatchCrypto.NAME ->
                LanesKernels.provider()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "crypto provider lanes is not available: " + LanesKernels.reason()));
            case "auto" -> LanesKernels.provider().orElseGet(SodiumBatchCrypto::new);
            default ->
                throw new IllegalArgumentException("crypto provider must be auto, lanes or sodium: provider=" + name);
        };
    }
}
