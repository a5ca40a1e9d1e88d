package io.millrace.node.keys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.KeyRole;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.text.ConfigException;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * Secrets of one relay or client: the static X25519 secret key for Sphinx, and the root seed from which every other key
 * follows, one for each {@link KeyRole}. The file calls the root {@code signing-seed}.
 *
 * <p>Not thread safe. The owner closes it, which wipes both.
 */
public final class KeyFile implements AutoCloseable {
    private final SecretKey sphinxSecret;
    private final SecretKey rootSeed;

    private KeyFile(SecretKey sphinxSecret, SecretKey rootSeed) {
        this.sphinxSecret = sphinxSecret;
        this.rootSeed = rootSeed;
    }

    /**
     * Draws both secrets.
     *
     * @param randomness source of the secrets.
     * @return the secrets; the caller closes them.
     */
    public static KeyFile generate(Randomness randomness) {
        return whole(SecretKey.generate(randomness), () -> SecretKey.generate(randomness));
    }

    /** Takes the first secret over; wiped if there is no second, for whatever reason. */
    private static KeyFile whole(SecretKey sphinxSecret, Supplier<SecretKey> rootSeed) {
        boolean complete = false;
        try {
            final KeyFile whole = new KeyFile(sphinxSecret, rootSeed.get());
            complete = true;
            return whole;
        } finally {
            if (!complete) {
                sphinxSecret.close();
            }
        }
    }

    /**
     * Reads a key file.
     *
     * @param file readable by its owner alone.
     * @return the secrets; the caller closes them.
     * @throws ConfigException if others can read it or it is not one; the message quotes nothing of it.
     * @throws IOException if it cannot be read.
     */
    public static KeyFile read(Path file) throws IOException {
        return of(file, SecretFile.read(file));
    }

    /** Takes the secrets out of the content of a key file, which is filled with zeros whatever happens. */
    static KeyFile of(Path file, byte[] content) {
        try {
            final KeyFileText text = new KeyFileText(file, content);
            return whole(text.read(KeyFileText.SPHINX_SECRET), () -> text.read(KeyFileText.SIGNING_SEED));
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /**
     * Writes the file with mode 0600.
     *
     * @param file to write.
     * @param overwrite whether an existing file is replaced.
     * @throws ConfigException if it is there and {@code overwrite} is false.
     * @throws IOException if it cannot be written.
     */
    public void write(Path file, boolean overwrite) throws IOException {
        final byte[] content = KeyFileText.write(sphinxSecret, rootSeed);
        try {
            SecretFile.write(file, ByteBuffer.wrap(content), overwrite);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** The public part. */
    public PublicIdentity publicIdentity() {
        try (RelaySphinxKey sphinx = sphinxKey();
                SecretKey linkSecret = linkSecret();
                X25519KeyPair link = X25519KeyPair.of(linkSecret.segment());
                Ed25519KeyPair identityKey = identityKey();
                EcvrfSecretKey vrf = vrfKey();
                Ed25519KeyPair twin = twinKey()) {
            final HexFormat hex = HexFormat.of();
            final IdentityKey identity = IdentityKey.of(identityKey);
            return new PublicIdentity(
                    identity.toString(),
                    identity.idHex(),
                    sphinx.id().toString(),
                    hex.formatHex(sphinx.publicKeyBytes()),
                    hex.formatHex(link.publicKey().toArray(JAVA_BYTE)),
                    hex.formatHex(vrf.publicKey().toArray(JAVA_BYTE)),
                    hex.formatHex(twin.publicKey().toArray(JAVA_BYTE)));
        }
    }

    /** The Sphinx key with a separate copy of the secret, for its public half; its owner closes it. */
    public RelaySphinxKey sphinxKey() {
        return sphinxKey(SphinxProfile.MR1);
    }

    /**
     * The Sphinx key with a separate copy of the secret; its owner closes it.
     *
     * @param profile that the key speaks, always the same for one file.
     */
    public RelaySphinxKey sphinxKey(SphinxProfile profile) {
        return new RelaySphinxKey(SecretKey.copyOf(sphinxSecret.segment()), profile);
    }

    /** Static X25519 secret for links: one key for all key epochs. Its owner closes it. */
    public SecretKey linkSecret() {
        return KeyRole.LINK.derive(rootSeed.segment());
    }

    /** Key that signs descriptors and disclosures; its owner closes it. */
    public Ed25519KeyPair identityKey() {
        return KeyRole.identityKey(rootSeed.segment());
    }

    /** Key that gives delays; its owner closes it. */
    public EcvrfSecretKey vrfKey() {
        return KeyRole.vrfKey(rootSeed.segment());
    }

    /** Key that signs the operations of twins; its owner closes it. */
    public Ed25519KeyPair twinKey() {
        try (SecretKey seed = KeyRole.TWIN.derive(rootSeed.segment())) {
            return Ed25519KeyPair.fromSeed(seed.segment());
        }
    }

    /** The root seed, 32 bytes, from which keys are derived and which is none itself; closed with this object. */
    public SecretKey rootSeed() {
        return rootSeed;
    }

    /** Wipes both secrets. */
    @Override
    public void close() {
        sphinxSecret.close();
        rootSeed.close();
    }

    /** Tells nothing. */
    @Override
    public String toString() {
        return "KeyFile[hidden]";
    }
}
