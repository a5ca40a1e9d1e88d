package io.millrace.noise;

import java.util.Optional;

/**
 * A whole protocol: the pattern and the hash. Key agreement is X25519 and the cipher ChaCha20-Poly1305 always.
 *
 * <p>Source: Noise revision 34 section 8.
 *
 * @param pattern sequence of messages.
 * @param hash of the symmetric state.
 */
public record NoiseProtocol(HandshakePattern pattern, NoiseHash hash) {
    /** {@code Noise_XK_25519_ChaChaPoly_SHA256}: what HTX uses. */
    public static final NoiseProtocol XK_SHA256 = new NoiseProtocol(HandshakePattern.XK, NoiseHash.SHA256);

    /** {@code Noise_XKpsk3_25519_ChaChaPoly_SHA256}: hybrid handshakes, whose pre-shared key is the secret of a KEM. */
    public static final NoiseProtocol XKPSK3_SHA256 = new NoiseProtocol(HandshakePattern.XKpsk3, NoiseHash.SHA256);

    /**
     * The protocol of that name, such as {@code Noise_XX_25519_ChaChaPoly_BLAKE2s}; empty if there is none here.
     *
     * @param name Noise's name of a protocol.
     */
    public static Optional<NoiseProtocol> of(String name) {
        for (HandshakePattern pattern : HandshakePattern.values()) {
            for (NoiseHash hash : NoiseHash.values()) {
                final NoiseProtocol protocol = new NoiseProtocol(pattern, hash);
                if (protocol.name().equals(name)) {
                    return Optional.of(protocol);
                }
            }
        }
        return Optional.empty();
    }

    /** The name, which is part of the handshake hash. */
    public String name() {
        return "Noise_" + pattern + "_25519_ChaChaPoly_" + hash.label();
    }
}
