package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Functions of libsodium for one element of a batch, or for a part of a buffer: operands are addresses, so that no segment
 * has to be made for each, and the caller has checked their bounds.
 *
 * <p>Each operand comes with the memory that it lies in, {@link MemorySegment#NULL} if that is never freed. The memory is
 * held open during the call: closing its arena meanwhile throws at the one who closes. It goes to C as a surplus argument
 * behind those of the prototype, which C does not look at: in the calling conventions of the platforms that have a libsodium
 * here (System V AMD64, AAPCS64) the caller places and removes arguments. An arena that several operands lie in is held
 * once.
 */
public final class SodiumElement {
    // int crypto_scalarmult_curve25519(unsigned char *q, const unsigned char *n, const unsigned char *p)
    private static final MethodHandle X25519 = SodiumLibrary.function(
            "crypto_scalarmult_curve25519",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));

    // int crypto_scalarmult_curve25519_base(unsigned char *q, const unsigned char *n)
    private static final MethodHandle X25519_BASE = SodiumLibrary.function(
            "crypto_scalarmult_curve25519_base",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));

    // int crypto_stream_chacha20_ietf_xor_ic(unsigned char *c, const unsigned char *m, unsigned long long mlen,
    //     const unsigned char *n, uint32_t ic, const unsigned char *k)
    private static final MethodHandle CHACHA20_XOR = SodiumLibrary.function(
            "crypto_stream_chacha20_ietf_xor_ic",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));

    // int crypto_generichash_blake2b_salt_personal(unsigned char *out, size_t outlen, const unsigned char *in,
    //     unsigned long long inlen, const unsigned char *key, size_t keylen, const unsigned char *salt,
    //     const unsigned char *personal)
    private static final MethodHandle BLAKE2B = SodiumLibrary.function(
            "crypto_generichash_blake2b_salt_personal",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS,
                    ADDRESS, ADDRESS, ADDRESS));

    // int crypto_hash_sha512(unsigned char *out, const unsigned char *in, unsigned long long inlen)
    private static final MethodHandle SHA512 = SodiumLibrary.function(
            "crypto_hash_sha512", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));

    // int crypto_aead_chacha20poly1305_ietf_encrypt_detached(unsigned char *c, unsigned char *mac,
    //     unsigned long long *maclen_p, const unsigned char *m, unsigned long long mlen, const unsigned char *ad,
    //     unsigned long long adlen, const unsigned char *nsec, const unsigned char *npub, const unsigned char *k)
    private static final MethodHandle AEAD_SEAL = SodiumLibrary.function(
            "crypto_aead_chacha20poly1305_ietf_encrypt_detached",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    // int crypto_aead_chacha20poly1305_ietf_decrypt_detached(unsigned char *m, unsigned char *nsec,
    //     const unsigned char *c, unsigned long long clen, const unsigned char *mac, const unsigned char *ad,
    //     unsigned long long adlen, const unsigned char *npub, const unsigned char *k)
    private static final MethodHandle AEAD_OPEN = SodiumLibrary.function(
            "crypto_aead_chacha20poly1305_ietf_decrypt_detached",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    private SodiumElement() {}

    /**
     * Writes {@code scalar} times the point to {@code out}, 32 bytes each.
     *
     * @return false if the result is all zero, that is for a point of low order; {@code out} must not be used then.
     */
    public static boolean x25519(
            long out,
            long scalar,
            long point,
            MemorySegment outMemory,
            MemorySegment scalarMemory,
            MemorySegment pointMemory) {
        Raw.address("out", out);
        Raw.address("scalar", scalar);
        Raw.address("point", point);
        try {
            return 0 == (int) X25519.invokeExact(out, scalar, point, outMemory, scalarMemory, pointMemory);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Writes {@code scalar} times the base point to {@code out}, 32 bytes each. */
    public static void x25519Base(long out, long scalar, MemorySegment outMemory, MemorySegment scalarMemory) {
        Raw.address("out", out);
        Raw.address("scalar", scalar);
        try {
            accept((int) X25519_BASE.invokeExact(out, scalar, outMemory, scalarMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Exclusive-ors the {@code length} bytes at {@code text} with the ChaCha20 stream of {@code key}, 32 bytes, block
     * counter from 0.
     *
     * @param nonce 12 bytes.
     */
    public static void chacha20Xor(
            long text, long length, MemorySegment nonce, long key, MemorySegment textMemory, MemorySegment keyMemory) {
        Raw.address("text", text);
        Raw.length("length", length);
        Raw.in("nonce", nonce, SodiumChaCha20.NONCE_BYTES);
        Raw.address("key", key);
        try {
            accept((int) CHACHA20_XOR.invokeExact(text, text, length, nonce, 0, key, textMemory, keyMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes the keyed hash of the {@code inLength} bytes at {@code in} to {@code out}.
     *
     * @param outLength in bytes, 1 to 64.
     * @param keyLength in bytes, 1 to 64.
     * @param salt 16 bytes.
     * @param personal 16 bytes.
     */
    public static void blake2b(
            long out,
            long outLength,
            long in,
            long inLength,
            long key,
            long keyLength,
            MemorySegment salt,
            MemorySegment personal,
            MemorySegment outMemory,
            MemorySegment inMemory,
            MemorySegment keyMemory) {
        Raw.address("out", out);
        Raw.length("outLength", outLength);
        Raw.address("in", in);
        Raw.length("inLength", inLength);
        Raw.address("key", key);
        Raw.length("keyLength", keyLength);
        Raw.in("salt", salt, SodiumBlake2b.SALT_BYTES);
        Raw.in("personal", personal, SodiumBlake2b.PERSONAL_BYTES);
        try {
            accept((int) BLAKE2B.invokeExact(
                    out, outLength, in, inLength, key, keyLength, salt, personal, outMemory, inMemory, keyMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Writes the 64-byte hash of the {@code inLength} bytes at {@code in} to {@code out}. */
    public static void sha512(long out, long in, long inLength, MemorySegment outMemory, MemorySegment inMemory) {
        Raw.address("out", out);
        Raw.address("in", in);
        Raw.length("inLength", inLength);
        try {
            accept((int) SHA512.invokeExact(out, in, inLength, outMemory, inMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Encrypts the {@code length} bytes at {@code text} in place with ChaCha20-Poly1305 and writes the 16-byte tag.
     *
     * @param ad {@code adLength} bytes of associated data.
     * @param nonce 12 bytes, never used twice with {@code key}.
     * @param key 32 bytes.
     */
    public static void aeadSeal(
            long text,
            long length,
            long tag,
            long ad,
            long adLength,
            long nonce,
            long key,
            MemorySegment textMemory,
            MemorySegment tagMemory,
            MemorySegment adMemory,
            MemorySegment nonceMemory,
            MemorySegment keyMemory) {
        aead(text, length, tag, ad, adLength, nonce, key);
        try {
            accept((int) AEAD_SEAL.invokeExact(
                    text,
                    tag,
                    0L,
                    text,
                    length,
                    ad,
                    adLength,
                    0L,
                    nonce,
                    key,
                    textMemory,
                    tagMemory,
                    adMemory,
                    nonceMemory,
                    keyMemory));
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Verifies the 16-byte tag and decrypts the {@code length} bytes at {@code text} in place.
     *
     * @return false if forged; libsodium has then zeroed the text, so that there is no second try with another key.
     */
    public static boolean aeadOpen(
            long text,
            long length,
            long tag,
            long ad,
            long adLength,
            long nonce,
            long key,
            MemorySegment textMemory,
            MemorySegment tagMemory,
            MemorySegment adMemory,
            MemorySegment nonceMemory,
            MemorySegment keyMemory) {
        aead(text, length, tag, ad, adLength, nonce, key);
        try {
            return 0
                    == (int) AEAD_OPEN.invokeExact(
                            text,
                            0L,
                            text,
                            length,
                            tag,
                            ad,
                            adLength,
                            nonce,
                            key,
                            textMemory,
                            tagMemory,
                            adMemory,
                            nonceMemory,
                            keyMemory);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    private static void aead(long text, long length, long tag, long ad, long adLength, long nonce, long key) {
        Raw.address("text", text);
        Raw.length("length", length);
        Raw.address("tag", tag);
        Raw.address("ad", ad);
        Raw.length("adLength", adLength);
        Raw.address("nonce", nonce);
        Raw.address("key", key);
    }

    private static void accept(int result) {
        if (result != 0) {
            throw new AssertionError("libsodium refused a valid operand: result=" + result);
        }
    }
}
