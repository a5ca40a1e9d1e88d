package io.millrace.crypto;

import io.millrace.natives.SodiumEd25519;
import java.lang.foreign.MemorySegment;

/**
 * An Ed25519 key pair that signs.
 *
 * <p>The public half is always derived from the seed and cannot be passed in: a signature made with a foreign one
 * would leak the secret. May be used by several threads at once; the owner closes it after the last use.
 *
 * <p>Source: RFC 8032 sections 5.1.5 and 5.1.6.
 */
public final class Ed25519KeyPair implements AutoCloseable {
    private final SecretKey secretKey;
    private final MemorySegment publicKey;

    private Ed25519KeyPair(MemorySegment seed) {
        final MemorySegment source = Operands.in("seed", seed, Ed25519.SEED_LENGTH);
        this.secretKey = SecretKey.blank(SodiumEd25519.SECRET_KEY_BYTES);
        final MemorySegment place = secretKey.segment().asSlice(Ed25519.SEED_LENGTH, Ed25519.PUBLIC_KEY_LENGTH);
        this.publicKey = place.asReadOnly();
        // The secret key is the seed, then the public key: the public key goes straight to its place.
        boolean complete = false;
        try {
            SodiumEd25519.seedKeypair(place, secretKey.segment(), source);
            complete = true;
        } finally {
            if (!complete) {
                secretKey.close();
            }
        }
    }

    /**
     * Derives the pair from a seed.
     *
     * @param seed native, 32 bytes; copied, so that its owner may close it.
     */
    public static Ed25519KeyPair fromSeed(MemorySegment seed) {
        return new Ed25519KeyPair(seed);
    }

    /** The public key: 32 bytes, native, read only, inaccessible after {@link #close()}. */
    public MemorySegment publicKey() {
        return publicKey;
    }

    /** The seed: 32 bytes, native, read only, inaccessible after {@link #close()}. Secret. */
    public MemorySegment seed() {
        return secretKey.segment().asSlice(0, Ed25519.SEED_LENGTH).asReadOnly();
    }

    /**
     * Signs {@code message}, deterministically.
     *
     * @param signature receives 64 bytes; native.
     * @param message native, any length.
     */
    public void sign(MemorySegment signature, MemorySegment message) {
        SodiumEd25519.signDetached(
                Operands.out("signature", signature, Ed25519.SIGNATURE_LENGTH),
                Operands.in("message", message),
                message.byteSize(),
                secretKey.segment());
    }

    /** Wipes the secret. A second call does nothing. */
    @Override
    public void close() {
        secretKey.close();
    }
}
