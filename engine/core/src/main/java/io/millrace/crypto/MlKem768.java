package io.millrace.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KEM;

/**
 * Encapsulation by ML-KEM-768, the sender's side: the JDK's, as libsodium has none.
 *
 * <p>The secret ends in memory of the caller, off the heap. The array in which the JDK hands it out is zeroed. The JDK's own
 * object of it ({@code SecretKeySpec}) cannot be destroyed: its 32 bytes stay on the heap until the garbage collector reuses
 * their memory. Random bytes are drawn in a guarded cell; the JDK zeroes the arrays to which it copies them.
 *
 * <p>Thread safe.
 *
 * <p>Source: FIPS 203.
 */
public final class MlKem768 {
    /** Length of an encapsulation key in bytes. */
    public static final int KEY_LENGTH = 1_184;

    /** Length of a ciphertext in bytes. */
    public static final int CIPHERTEXT_LENGTH = 1_088;

    /** Length of a shared secret in bytes. */
    public static final int SECRET_LENGTH = 32;

    private static final String NAME = "ML-KEM-768";

    /** SubjectPublicKeyInfo up to the key itself. */
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("308204b2300b0609608648016503040402038204a100");

    private MlKem768() {}

    /**
     * Draws a shared secret and encapsulates it.
     *
     * @param key the other end's encapsulation key, {@link #KEY_LENGTH} bytes.
     * @param randomness of the secret.
     * @param ciphertext receives {@link #CIPHERTEXT_LENGTH} bytes.
     * @param secret receives {@link #SECRET_LENGTH} bytes, native; the caller wipes it.
     * @return false if the key is none, because a coefficient is out of range; nothing is written then.
     */
    public static boolean encapsulate(
            MemorySegment key, Randomness randomness, MemorySegment ciphertext, MemorySegment secret) {
        requireLength("key", key, KEY_LENGTH);
        requireLength("ciphertext", ciphertext, CIPHERTEXT_LENGTH);
        requireSecret(secret);
        final byte[] encoded = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + KEY_LENGTH);
        MemorySegment.copy(key, ValueLayout.JAVA_BYTE, 0, encoded, SPKI_PREFIX.length, KEY_LENGTH);
        final KEM.Encapsulated encapsulated;
        try {
            final PublicKey publicKey = KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
            encapsulated = KEM.getInstance(NAME)
                    .newEncapsulator(publicKey, new DrawnRandom(randomness))
                    .encapsulate();
        } catch (InvalidKeyException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + NAME, e);
        }
        MemorySegment.copy(encapsulated.encapsulation(), 0, ciphertext, ValueLayout.JAVA_BYTE, 0, CIPHERTEXT_LENGTH);
        moveSecret(encapsulated.key().getEncoded(), secret);
        return true;
    }

    static KeyPairGenerator generator(Randomness randomness) throws GeneralSecurityException {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME);
        generator.initialize(NamedParameterSpec.ML_KEM_768, new DrawnRandom(randomness));
        return generator;
    }

    static KEM kem() throws GeneralSecurityException {
        return KEM.getInstance(NAME);
    }

    static byte[] encoded(PublicKey key) {
        final byte[] encoded = key.getEncoded();
        if (!Arrays.equals(encoded, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length)) {
            throw new IllegalStateException("the JDK encodes keys of " + NAME + " in another way");
        }
        return Arrays.copyOfRange(encoded, SPKI_PREFIX.length, encoded.length);
    }

    static void moveSecret(byte[] from, MemorySegment to) {
        try {
            MemorySegment.copy(from, 0, to, ValueLayout.JAVA_BYTE, 0, SECRET_LENGTH);
        } finally {
            Arrays.fill(from, (byte) 0);
        }
    }

    static void requireLength(String name, MemorySegment segment, int length) {
        if (segment.byteSize() != length) {
            throw new IllegalArgumentException(
                    name + " must be " + length + " bytes: " + name + "Length=" + segment.byteSize());
        }
    }

    static void requireSecret(MemorySegment secret) {
        Operands.out("secret", secret, SECRET_LENGTH);
    }

    /** A source of random bytes as the JDK's classes want it. */
    @SuppressWarnings("serial") // never serialised
    private static final class DrawnRandom extends SecureRandom {
        private final transient Randomness randomness;

        DrawnRandom(Randomness randomness) {
            this.randomness = randomness;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            try (SecretKey drawn = SecretKey.inCell(bytes.length)) {
                randomness.fill(drawn.segment());
                MemorySegment.copy(drawn.segment(), ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
            }
        }
    }
}
