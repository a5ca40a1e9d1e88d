package io.millrace.cli.keys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cli.console.UsageError;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.Hkdf;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.sphinx.RelaySphinxKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The secrets of one relay or client: its X25519 secret key for Sphinx, and the seed of its Ed25519 key, which signs and
 * makes VRF proofs.
 *
 * <p>Not thread safe. The owner closes it, which wipes both.
 */
public final class KeyFile implements AutoCloseable {
    private static final byte[] LINK_SALT = "millrace link static key 1".getBytes(StandardCharsets.US_ASCII);

    private final SecretKey sphinxSecret;
    private final SecretKey signingSeed;

    private KeyFile(SecretKey sphinxSecret, SecretKey signingSeed) {
        this.sphinxSecret = sphinxSecret;
        this.signingSeed = signingSeed;
    }

    /** Draws both secrets. */
    public static KeyFile generate(Randomness randomness) {
        return new KeyFile(SecretKey.generate(randomness), SecretKey.generate(randomness));
    }

    /**
     * Reads a key file.
     *
     * @throws UsageError if others can read it or it is not one; the message quotes nothing of it.
     * @throws IOException if it cannot be read.
     */
    public static KeyFile read(Path file) throws IOException {
        final byte[] content = SecretFile.read(file);
        try {
            final KeyFileText text = new KeyFileText(file, content);
            final SecretKey sphinxSecret = text.read(KeyFileText.SPHINX_SECRET);
            try {
                return new KeyFile(sphinxSecret, text.read(KeyFileText.SIGNING_SEED));
            } catch (UsageError e) {
                sphinxSecret.close();
                throw e;
            }
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /**
     * Writes the file with mode 0600.
     *
     * @throws UsageError if it is there and {@code overwrite} is false.
     * @throws IOException if it cannot be written.
     */
    public void write(Path file, boolean overwrite) throws IOException {
        final byte[] content = KeyFileText.write(sphinxSecret, signingSeed);
        try {
            SecretFile.write(file, ByteBuffer.wrap(content), overwrite);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** What others may know. */
    public PublicIdentity publicIdentity() {
        try (RelaySphinxKey sphinx = sphinxKey();
                SecretKey linkSecret = linkSecret();
                X25519KeyPair link = X25519KeyPair.of(linkSecret.segment());
                Ed25519KeyPair pair = signingKey()) {
            final HexFormat hex = HexFormat.of();
            return new PublicIdentity(
                    sphinx.id().toString(),
                    hex.formatHex(sphinx.publicKeyBytes()),
                    hex.formatHex(link.publicKey().toArray(JAVA_BYTE)),
                    hex.formatHex(pair.publicKey().toArray(JAVA_BYTE)));
        }
    }

    /** The Sphinx key with a copy of the secret of its own; its owner closes it. */
    public RelaySphinxKey sphinxKey() {
        return new RelaySphinxKey(SecretKey.copyOf(sphinxSecret.segment()));
    }

    /**
     * The static X25519 secret for links, which follows from the signing seed; its owner closes it. Not the Sphinx key: a
     * link's end lives longer than a key epoch, and one key serves one protocol.
     */
    public SecretKey linkSecret() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment secret = arena.allocate(SecretKey.LENGTH);
            Hkdf.derive(secret, arena.allocateFrom(JAVA_BYTE, LINK_SALT), signingSeed.segment(), MemorySegment.NULL);
            final SecretKey key = SecretKey.copyOf(secret);
            secret.fill((byte) 0);
            return key;
        }
    }

    /** The signing key with a copy of the seed of its own; its owner closes it. */
    public Ed25519KeyPair signingKey() {
        return Ed25519KeyPair.fromSeed(signingSeed.segment());
    }

    /** The seed of the signing and VRF key, 32 bytes; closed with this object. */
    public SecretKey signingSeed() {
        return signingSeed;
    }

    /** Wipes both secrets. */
    @Override
    public void close() {
        sphinxSecret.close();
        signingSeed.close();
    }

    /** Tells nothing. */
    @Override
    public String toString() {
        return "KeyFile[hidden]";
    }
}
