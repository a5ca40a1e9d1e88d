package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_generichash_blake2b*}: BLAKE2b, keyed or not, with salt and personalisation.
 *
 * <p>Source: RFC 7693; {@code sodium/crypto_generichash_blake2b.h}.
 */
public final class SodiumBlake2b {
    /** Shortest output that libsodium gives, in bytes. */
    public static final int BYTES_MIN = 16;

    /** Longest output in bytes. */
    public static final int BYTES_MAX = 64;

    /** Shortest key that libsodium advises, in bytes; it takes shorter ones. */
    public static final int KEY_BYTES_MIN = 16;

    /** Longest key in bytes. */
    public static final int KEY_BYTES_MAX = 64;

    /** Salt length in bytes. */
    public static final int SALT_BYTES = 16;

    /** Personalisation length in bytes. */
    public static final int PERSONAL_BYTES = 16;

    // int crypto_generichash_blake2b(unsigned char *out, size_t outlen, const unsigned char *in,
    //     unsigned long long inlen, const unsigned char *key, size_t keylen)
    private static final MethodHandle HASH = SodiumLibrary.function(
            "crypto_generichash_blake2b",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));

    // int crypto_generichash_blake2b_salt_personal(unsigned char *out, size_t outlen, const unsigned char *in,
    //     unsigned long long inlen, const unsigned char *key, size_t keylen, const unsigned char *salt,
    //     const unsigned char *personal)
    private static final MethodHandle HASH_SALT_PERSONAL = SodiumLibrary.function(
            "crypto_generichash_blake2b_salt_personal",
            FunctionDescriptor.of(
                    JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_generichash_blake2b_bytes_min", BYTES_MIN);
        SodiumLibrary.requireSize("crypto_generichash_blake2b_bytes_max", BYTES_MAX);
        SodiumLibrary.requireSize("crypto_generichash_blake2b_keybytes_min", KEY_BYTES_MIN);
        SodiumLibrary.requireSize("crypto_generichash_blake2b_keybytes_max", KEY_BYTES_MAX);
        SodiumLibrary.requireSize("crypto_generichash_blake2b_saltbytes", SALT_BYTES);
        SodiumLibrary.requireSize("crypto_generichash_blake2b_personalbytes", PERSONAL_BYTES);
    }

    private SodiumBlake2b() {}

    /**
     * Hashes the {@code inlen} bytes at {@code in}.
     *
     * @param out receives {@code outlen} bytes.
     * @param outlen in bytes, 1 to 64.
     * @param key {@code keylen} bytes, may be {@link MemorySegment#NULL} when {@code keylen} is 0.
     * @param keylen in bytes, 0 to 64.
     */
    public static void hash(
            MemorySegment out, long outlen, MemorySegment in, long inlen, MemorySegment key, long keylen) {
        Raw.out("out", out, outlen);
        Raw.in("in", in, inlen);
        key(key, keylen);
        final int rc;
        try {
            rc = (int) HASH.invokeExact(out, outlen, in, inlen, key, keylen);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_generichash_blake2b cannot fail: rc=" + rc);
        }
    }

    /**
     * Hashes the {@code inlen} bytes at {@code in} with a salt and a personalisation.
     *
     * @param out receives {@code outlen} bytes.
     * @param outlen in bytes, 1 to 64.
     * @param key {@code keylen} bytes, may be {@link MemorySegment#NULL} when {@code keylen} is 0.
     * @param keylen in bytes, 0 to 64.
     * @param salt 16 bytes, or {@link MemorySegment#NULL} for zeros.
     * @param personal 16 bytes, or {@link MemorySegment#NULL} for zeros.
     */
    public static void hashSaltPersonal(
            MemorySegment out,
            long outlen,
            MemorySegment in,
            long inlen,
            MemorySegment key,
            long keylen,
            MemorySegment salt,
            MemorySegment personal) {
        Raw.out("out", out, outlen);
        Raw.in("in", in, inlen);
        key(key, keylen);
        Raw.optional("salt", salt, SALT_BYTES);
        Raw.optional("personal", personal, PERSONAL_BYTES);
        final int rc;
        try {
            rc = (int) HASH_SALT_PERSONAL.invokeExact(out, outlen, in, inlen, key, keylen, salt, personal);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_generichash_blake2b_salt_personal cannot fail: rc=" + rc);
        }
    }

    private static void key(MemorySegment key, long keylen) {
        if (keylen != 0) {
            Raw.in("key", key, keylen);
        } else {
            Raw.optional("key", key, keylen);
        }
    }
}
