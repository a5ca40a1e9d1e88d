package io.millrace.link;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.handshake.HybridMode;
import java.util.Objects;

/**
 * Identity of an end of links: its static key, and the id by which others route to it. Closes the key with itself.
 */
public final class LinkIdentity implements AutoCloseable {
    private final X25519KeyPair keys;
    private final byte[] id;
    private final byte[] wrongId;
    private final HybridMode hybrid;

    /**
     * Makes an identity whose handshakes are {@linkplain HybridMode#OFFERED hybrid with peers that know it}.
     *
     * @param secret static X25519 secret for links, 32 bytes, copied; not the key that packets are peeled with.
     * @param id 16 bytes; copied.
     */
    public LinkIdentity(SecretKey secret, byte[] id) {
        this(secret, id, HybridMode.OFFERED);
    }

    /**
     * Makes an identity.
     *
     * @param secret static X25519 secret for links, 32 bytes, copied; not the key that packets are peeled with.
     * @param id 16 bytes; copied.
     * @param hybrid whether this end's handshakes are hybrid.
     */
    public LinkIdentity(SecretKey secret, byte[] id, HybridMode hybrid) {
        this(secret, id, id, hybrid);
    }

    /**
     * Makes an identity that notices peers whose configuration names this end by another id: their handshakes fail as
     * {@link LinkFailure#MISNAMED}.
     *
     * @param secret static X25519 secret for links, 32 bytes, copied; not the key that packets are peeled with.
     * @param id 16 bytes; copied.
     * @param wrongId the other id, 16 bytes; {@code id} if there is none; copied.
     * @param hybrid whether this end's handshakes are hybrid.
     */
    public LinkIdentity(SecretKey secret, byte[] id, byte[] wrongId, HybridMode hybrid) {
        if (id.length != LinkKeys.ID_LENGTH || wrongId.length != LinkKeys.ID_LENGTH) {
            throw new IllegalArgumentException(
                    "an id is 16 bytes: idLength=" + id.length + ", wrongIdLength=" + wrongId.length);
        }
        this.hybrid = Objects.requireNonNull(hybrid, "hybrid");
        this.wrongId = wrongId.clone();
        this.id = id.clone();
        this.keys = X25519KeyPair.of(secret.segment());
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        keys.close();
    }

    X25519KeyPair keys() {
        return keys;
    }

    HybridMode hybrid() {
        return hybrid;
    }

    byte[] id() {
        return id.clone();
    }

    byte[] wrongId() {
        return wrongId.clone();
    }
}
