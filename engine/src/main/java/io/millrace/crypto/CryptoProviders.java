package io.millrace.crypto;

/** Chooses the provider of the packet path by its name in the configuration. */
public final class CryptoProviders {
    private CryptoProviders() {}

    /**
     * Gives the provider of this name.
     *
     * @param name {@code sodium}, or {@code auto} for the fastest that this machine runs.
     * @throws IllegalArgumentException if there is no such provider.
     * @throws SodiumUnavailableException if libsodium cannot be loaded; the message says what to do.
     */
    public static BatchCrypto byName(String name) {
        Sodium.require();
        return switch (name) {
            case SodiumBatchCrypto.NAME, "auto" -> new SodiumBatchCrypto();
            default -> throw new IllegalArgumentException("crypto provider must be auto or sodium: provider=" + name);
        };
    }
}
