package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A relay's X25519 key pair of one key epoch, with the relay id that belongs to it.
 *
 * <p>May be read by several threads. {@link #close()} wipes the secret key, which this object owns; it is called after
 * the last batch that uses it.
 */
public final class RelaySphinxKey implements AutoCloseable {
    private static final byte[] JOURNAL_DOMAIN = "millrace-mr1-jnl".getBytes(StandardCharsets.US_ASCII);

    private final SphinxProfile profile;
    private final SecretKey secretKey;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment publicKey;
    private final RelayId id;

    /**
     * Makes a key that speaks {@link SphinxProfile#MR1}.
     *
     * @param secretKey as for {@link #RelaySphinxKey(SecretKey, SphinxProfile)}.
     */
    public RelaySphinxKey(SecretKey secretKey) {
        this(secretKey, SphinxProfile.MR1);
    }

    /**
     * Moves {@code secretKey} to a guarded cell and computes the public key and the id.
     *
     * @param secretKey 32 bytes; closed, unless it is refused. Never used with two profiles.
     * @param profile of the packets that this key peels.
     * @throws io.millrace.crypto.SecretCellsExhaustedException if the process has no cell left.
     */
    public RelaySphinxKey(SecretKey secretKey, SphinxProfile profile) {
        this.profile = Objects.requireNonNull(profile, "profile");
        if (secretKey.length() != X25519Keys.LENGTH) {
            throw new IllegalArgumentException("a secret key is 32 bytes: length=" + secretKey.length());
        }
        this.secretKey = SecretKey.inCell(X25519Keys.LENGTH);
        this.secretKey.segment().copyFrom(secretKey.segment());
        secretKey.close();
        final MemorySegment writable = arena.allocate(X25519Keys.LENGTH, 64);
        X25519Keys.publicKey(writable, this.secretKey.segment());
        this.publicKey = writable.asReadOnly();
        this.id = RelayId.ofPublicKey(publicKey);
    }

    /** Profile of the packets that this key peels. */
    public SphinxProfile profile() {
        return profile;
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

    /**
     * Derives the key under which this epoch's replay journal is written: it reads the journal and nothing else. Wiping the
     * Sphinx key makes the journal unreadable.
     *
     * @return 32 bytes; the caller closes them.
     */
    public SecretKey journalKey() {
        final SecretKey key = SecretKey.blank(SecretKey.LENGTH);
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment personal = scratch.allocate(Blake2b.PERSONAL_LENGTH);
            personal.copyFrom(MemorySegment.ofArray(JOURNAL_DOMAIN));
            Blake2b.hash(key.segment(), MemorySegment.NULL, secretKey.segment(), MemorySegment.NULL, personal);
        }
        return key;
    }

    /** Wipes the secret key. */
    @Override
    public void close() {
        secretKey.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /** The secret key; never freed, but wiped by {@link #close()}. */
    MemorySegment scalar() {
        return secretKey.segment();
    }
}
