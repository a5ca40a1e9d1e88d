package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_aead_chacha20poly1305_ietf_*}: ChaCha20-Poly1305, tag apart from the text.
 *
 * <p>Source: RFC 8439 section 2.8; {@code sodium/crypto_aead_chacha20poly1305.h}.
 */
public final class SodiumAead {
    /** Key length in bytes. */
    public static final int KEY_BYTES = 32;

    /** Public nonce length in bytes. */
    public static final int NPUB_BYTES = 12;

    /** Authentication tag length in bytes. */
    public static final int A_BYTES = 16;

    // int crypto_aead_chacha20poly1305_ietf_encrypt_detached(unsigned char *c, unsigned char *mac,
    //     unsigned long long *maclen_p, const unsigned char *m, unsigned long long mlen, const unsigned char *ad,
    //     unsigned long long adlen, const unsigned char *nsec, const unsigned char *npub, const unsigned char *k)
    private static final MethodHandle ENCRYPT_DETACHED = SodiumLibrary.function(
            "crypto_aead_chacha20poly1305_ietf_encrypt_detached",
            FunctionDescriptor.of(
                    JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS,
                    ADDRESS));

    // int crypto_aead_chacha20poly1305_ietf_decrypt_detached(unsigned char *m, unsigned char *nsec,
    //     const unsigned char *c, unsigned long long clen, const unsigned char *mac, const unsigned char *ad,
    //     unsigned long long adlen, const unsigned char *npub, const unsigned char *k)
    private static final MethodHandle DECRYPT_DETACHED = SodiumLibrary.function(
            "crypto_aead_chacha20poly1305_ietf_decrypt_detached",
            FunctionDescriptor.of(
                    JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_aead_chacha20poly1305_ietf_keybytes", KEY_BYTES);
        SodiumLibrary.requireSize("crypto_aead_chacha20poly1305_ietf_npubbytes", NPUB_BYTES);
        SodiumLibrary.requireSize("crypto_aead_chacha20poly1305_ietf_abytes", A_BYTES);
    }

    private SodiumAead() {}

    /**
     * Encrypts the {@code mlen} bytes at {@code m} to {@code c} and writes the 16-byte tag to {@code mac}.
     *
     * @param c may be {@code m}.
     * @param ad {@code adlen} bytes of associated data.
     * @param npub the nonce, 12 bytes, never used twice with {@code k}.
     * @param k the key, 32 bytes.
     */
    public static void encryptDetached(
            MemorySegment c,
            MemorySegment mac,
            MemorySegment m,
            long mlen,
            MemorySegment ad,
            long adlen,
            MemorySegment npub,
            MemorySegment k) {
        Raw.out("c", c, mlen);
        Raw.out("mac", mac, A_BYTES);
        Raw.in("m", m, mlen);
        Raw.in("ad", ad, adlen);
        Raw.in("npub", npub, NPUB_BYTES);
        Raw.in("k", k, KEY_BYTES);
        final int rc;
        try {
            rc = (int) ENCRYPT_DETACHED.invokeExact(
                    c, mac, MemorySegment.NULL, m, mlen, ad, adlen, MemorySegment.NULL, npub, k);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_aead_chacha20poly1305_ietf_encrypt_detached cannot fail: rc=" + rc);
        }
    }

    /**
     * Verifies the 16-byte tag at {@code mac} and decrypts the {@code clen} bytes at {@code c} to {@code m}.
     *
     * @param m may be {@code c}.
     * @return false if forged; libsodium has then zeroed {@code m}, so that there is no second try with another key on
     *     the same buffer.
     */
    public static boolean decryptDetached(
            MemorySegment m,
            MemorySegment c,
            long clen,
            MemorySegment mac,
            MemorySegment ad,
            long adlen,
            MemorySegment npub,
            MemorySegment k) {
        Raw.out("m", m, clen);
        Raw.in("c", c, clen);
        Raw.in("mac", mac, A_BYTES);
        Raw.in("ad", ad, adlen);
        Raw.in("npub", npub, NPUB_BYTES);
        Raw.in("k", k, KEY_BYTES);
        try {
            return 0 == (int) DECRYPT_DETACHED.invokeExact(m, MemorySegment.NULL, c, clen, mac, ad, adlen, npub, k);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }
}
