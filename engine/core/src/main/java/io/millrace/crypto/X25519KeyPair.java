package io.millrace.crypto;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * An X25519 key pair: a secret and the public key that belongs to it, computed once.
 *
 * <p>May be used by several threads at once; the owner closes it after the last use.
 *
 * <p>Source: RFC 7748 section 6.1.
 */
public final class X25519KeyPair implements AutoCloseable {
    private final SecretKey keys;
    private final MemorySegment secretKey;
    private final MemorySegment publicKey;

    private X25519KeyPair(SecretKey keys) {
        this.keys = keys;
        this.secretKey = keys.segment().asSlice(0, X25519Keys.LENGTH);
        this.publicKey = keys.segment().asSlice(X25519Keys.LENGTH, X25519Keys.LENGTH);
    }

    /**
     * Draws a new pair from {@code randomness}.
     *
     * @param randomness source of the secret key.
     */
    public static X25519KeyPair generate(Randomness randomness) {
        return filled(randomness::fill);
    }

    /**
     * Takes the pair of a secret.
     *
     * @param secretKey native, 32 bytes; copied, so that its owner may close it.
     */
    public static X25519KeyPair of(MemorySegment secretKey) {
        if (secretKey.byteSize() != X25519Keys.LENGTH) {
            throw new IllegalArgumentException("an X25519 secret is 32 bytes: length=" + secretKey.byteSize());
        }
        return filled(secret -> secret.copyFrom(secretKey));
    }

    /** The pair of the secret that {@code writer} writes; nothing is kept if that throws. */
    private static X25519KeyPair filled(Consumer<MemorySegment> writer) {
        final X25519KeyPair pair = new X25519KeyPair(SecretKey.blank(2 * X25519Keys.LENGTH));
        boolean complete = false;
        try {
            writer.accept(pair.secretKey);
            X25519Keys.publicKey(pair.publicKey, pair.secretKey);
            complete = true;
            return pair;
        } finally {
            if (!complete) {
                pair.close();
            }
        }
    }

    /** The public key: 32 bytes, native, read only, inaccessible after {@link #close()}. */
    public MemorySegment publicKey() {
        return publicKey.asReadOnly();
    }

    /** The secret: 32 bytes, native, read only, inaccessible after {@link #close()}. */
    public MemorySegment secretKey() {
        return secretKey.asReadOnly();
    }

    /** Wipes the secret. A second call does nothing. */
    @Override
    public void close() {
        keys.close();
    }
}
