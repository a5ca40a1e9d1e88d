package io.millrace.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import javax.crypto.DecapsulateException;
import javax.security.auth.DestroyFailedException;

/**
 * An ephemeral key pair of ML-KEM-768: made for one handshake, and destroyed with it.
 *
 * <p>The secret half is the JDK's object on the heap; {@link #close()} lets the JDK overwrite it. Copies that the garbage
 * collector made before are out of reach.
 *
 * <p>Belongs to one thread at a time.
 *
 * <p>Source: FIPS 203.
 */
public final class MlKem768KeyPair implements AutoCloseable {
    private final byte[] publicKey;
    private PrivateKey privateKey;

    private MlKem768KeyPair(KeyPair pair) {
        this.publicKey = MlKem768.encoded(pair.getPublic());
        this.privateKey = pair.getPrivate();
    }

    /**
     * Draws a new pair.
     *
     * @param randomness of the key.
     */
    public static MlKem768KeyPair generate(Randomness randomness) {
        try {
            return new MlKem768KeyPair(MlKem768.generator(randomness).generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no ML-KEM-768", e);
        }
    }

    /** The encapsulation key, {@link MlKem768#KEY_LENGTH} bytes, read only; not secret. */
    public MemorySegment publicKey() {
        return MemorySegment.ofArray(publicKey).asReadOnly();
    }

    /**
     * Takes the secret out of a ciphertext. A ciphertext that was not made for this key gives a secret that the other end
     * does not have: no error tells.
     *
     * @param ciphertext {@link MlKem768#CIPHERTEXT_LENGTH} bytes.
     * @param secret receives {@link MlKem768#SECRET_LENGTH} bytes, native; the caller wipes it.
     * @throws IllegalStateException if the pair is closed.
     */
    public void decapsulate(MemorySegment ciphertext, MemorySegment secret) {
        MlKem768.requireLength("ciphertext", ciphertext, MlKem768.CIPHERTEXT_LENGTH);
        MlKem768.requireSecret(secret);
        if (privateKey == null) {
            throw new IllegalStateException("the key pair is closed");
        }
        try {
            final byte[] text = ciphertext.toArray(ValueLayout.JAVA_BYTE);
            MlKem768.moveSecret(
                    MlKem768.kem().newDecapsulator(privateKey).decapsulate(text).getEncoded(), secret);
        } catch (DecapsulateException e) {
            throw new AssertionError("the length was checked", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no ML-KEM-768", e);
        }
    }

    /** Destroys the secret half, as far as the JDK can. A second call does nothing. */
    @Override
    public void close() {
        if (privateKey != null) {
            try {
                privateKey.destroy();
            } catch (DestroyFailedException e) {
                throw new IllegalStateException("the JDK does not destroy keys of ML-KEM-768", e);
            } finally {
                privateKey = null;
            }
        }
    }
}
