package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A relay's X25519 key pair of one key epoch, with the relay id that belongs to it.
 *
 * <p>May be read by several threads. {@link #close()} wipes the secret key, which this object owns; it is called after
 * the last batch that uses it.
 */
public final class RelaySphinxKey implements AutoCloseable {
    private final SecretKey secretKey;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment publicKey;
    private final RelayId id;

    /** Takes over {@code secretKey}, 32 bytes, and computes the public key and the id. */
    public RelaySphinxKey(SecretKey secretKey) {
        if (secretKey.length() != X25519Keys.LENGTH) {
            throw new IllegalArgumentException("a secret key is 32 bytes: length=" + secretKey.length());
        }
        this.secretKey = secretKey;
        final MemorySegment writable = arena.allocate(X25519Keys.LENGTH, 64);
        X25519Keys.publicKey(writable, secretKey.segment());
        this.publicKey = writable.asReadOnly();
        this.id = RelayId.ofPublicKey(publicKey);
    }

    /** The public key, 32 bytes, read only. */
    public MemorySegment publicKey() {
        return publicKey;
    }

    /** A copy of the public key, 32 bytes. */
    public byte[] publicKeyBytes() {
        return publicKey.toArray(JAVA_BYTE);
    }

    /** The relay id. */
    public RelayId id() {
        return id;
    }

    /** Wipes the secret key. */
    @Override
    public void close() {
        secretKey.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    long scalarAddress() {
        return secretKey.address();
    }
}
