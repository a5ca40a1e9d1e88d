package io.millrace.crypto.provider;

import io.millrace.crypto.Sodium;
import io.millrace.crypto.SodiumUnavailableException;
import io.millrace.natives.LanesLevel;
import java.util.ArrayList;
import java.util.List;

/** Chooses the provider of the packet path by its name in the configuration. */
public final class CryptoProviders {
    private CryptoProviders() {}

    /**
     * Gives the provider of this name.
     *
     * @param name {@code sodium}, {@code lanes}, or {@code auto} for the fastest that this machine runs;
     *     {@code lanes:avx2}, {@code lanes:avx512}, {@code lanes:ifma} and {@code lanes:neon} are {@code lanes} with the
     *     kernels of that level, to measure and test what another processor would get.
     * @throws IllegalArgumentException if there is no such provider, or if {@code lanes} is not available; the message
     *     says why.
     * @throws SodiumUnavailableException if libsodium cannot be loaded; the message says what to do.
     */
    public static BatchCrypto byName(String name) {
        Sodium.require();
        return switch (name) {
            case SodiumBatchCrypto.NAME -> new SodiumBatchCrypto();
            case LanesBatchCrypto.NAME -> required(LanesKernels.choice(), name);
            case "auto" -> LanesKernels.provider().orElseGet(SodiumBatchCrypto::new);
            default -> required(LanesKernels.at(level(name)), name);
        };
    }

    /** Names that {@link #byName} takes, whether or not this machine runs them, in the order of help texts. */
    public static List<String> names() {
        final List<String> names = new ArrayList<>(List.of("auto", LanesBatchCrypto.NAME));
        for (LanesLevel level : LanesLevel.values()) {
            names.add(LanesKernels.nameAt(level));
        }
        names.add(SodiumBatchCrypto.NAME);
        return List.copyOf(names);
    }

    private static LanesLevel level(String name) {
        for (LanesLevel level : LanesLevel.values()) {
            if (name.equals(LanesKernels.nameAt(level))) {
                return level;
            }
        }
        throw new IllegalArgumentException(
                "crypto provider must be one of " + String.join(", ", names()) + ": provider=" + name);
    }

    private static BatchCrypto required(LanesKernels.Choice choice, String name) {
        return choice.provider()
                .orElseThrow(() -> new IllegalArgumentException(
                        "crypto provider " + name + " is not available: " + choice.reason()));
    }
}
