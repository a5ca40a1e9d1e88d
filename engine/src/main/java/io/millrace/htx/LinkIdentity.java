package io.millrace.htx;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;

/**
 * What an end of links is known by: its static key, and the id by which others route to it. Closes the key with itself.
 */
public final class LinkIdentity implements AutoCloseable {
    private final X25519KeyPair keys;
    private final byte[] id;

    /**
     * Makes an identity.
     *
     * @param secret static X25519 secret for links, 32 bytes, copied; not the key that packets are peeled with.
     * @param id 16 bytes.
     */
    public LinkIdentity(SecretKey secret, byte[] id) {
        if (id.length != LinkKeys.ID_LENGTH) {
            throw new IllegalArgumentException("an id is 16 bytes: idLength=" + id.length);
        }
        this.keys = X25519KeyPair.of(secret.segment());
        this.id = id.clone();
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        keys.close();
    }

    X25519KeyPair keys() {
        return keys;
    }

    byte[] id() {
        return id.clone();
    }
}
