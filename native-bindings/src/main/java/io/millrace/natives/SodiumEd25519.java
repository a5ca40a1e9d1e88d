package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_sign_ed25519_*}: Ed25519 signatures.
 *
 * <p>Source: RFC 8032 section 5.1; {@code sodium/crypto_sign_ed25519.h}.
 */
public final class SodiumEd25519 {
    /** Length of a signature in bytes. */
    public static final int SIGNATURE_BYTES = 64;

    /** Length of a seed in bytes: the private key of RFC 8032. */
    public static final int SEED_BYTES = 32;

    /** Length of a public key in bytes. */
    public static final int PUBLIC_KEY_BYTES = 32;

    /** Length of a secret key in bytes: the seed, then the public key. */
    public static final int SECRET_KEY_BYTES = 64;

    // int crypto_sign_ed25519_seed_keypair(unsigned char *pk, unsigned char *sk, const unsigned char *seed)
    private static final MethodHandle SEED_KEYPAIR = SodiumLibrary.function(
            "crypto_sign_ed25519_seed_keypair", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

    // int crypto_sign_ed25519_detached(unsigned char *sig, unsigned long long *siglen_p, const unsigned char *m,
    //     unsigned long long mlen, const unsigned char *sk)
    private static final MethodHandle SIGN_DETACHED = SodiumLibrary.function(
            "crypto_sign_ed25519_detached",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

    // int crypto_sign_ed25519_verify_detached(const unsigned char *sig, const unsigned char *m, unsigned long long
    // mlen,
    //     const unsigned char *pk)
    private static final MethodHandle VERIFY_DETACHED = SodiumLibrary.function(
            "crypto_sign_ed25519_verify_detached",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_sign_ed25519_bytes", SIGNATURE_BYTES);
        SodiumLibrary.requireSize("crypto_sign_ed25519_seedbytes", SEED_BYTES);
        SodiumLibrary.requireSize("crypto_sign_ed25519_publickeybytes", PUBLIC_KEY_BYTES);
        SodiumLibrary.requireSize("crypto_sign_ed25519_secretkeybytes", SECRET_KEY_BYTES);
    }

    private SodiumEd25519() {}

    /**
     * Expands {@code seed}, 32 bytes, to the public key {@code pk}, 32 bytes, and the secret key {@code sk}, 64 bytes.
     */
    public static void seedKeypair(MemorySegment pk, MemorySegment sk, MemorySegment seed) {
        Raw.out("pk", pk, PUBLIC_KEY_BYTES);
        Raw.out("sk", sk, SECRET_KEY_BYTES);
        Raw.in("seed", seed, SEED_BYTES);
        final int rc;
        try {
            rc = (int) SEED_KEYPAIR.invokeExact(pk, sk, seed);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_sign_ed25519_seed_keypair cannot fail: rc=" + rc);
        }
    }

    /**
     * Signs the {@code mlen} bytes at {@code m} and writes 64 bytes to {@code sig}.
     *
     * @param sk 64 bytes from {@link #seedKeypair}; its public half must belong to its seed, else the signature leaks
     *     the key.
     */
    public static void signDetached(MemorySegment sig, MemorySegment m, long mlen, MemorySegment sk) {
        Raw.out("sig", sig, SIGNATURE_BYTES);
        Raw.in("m", m, mlen);
        Raw.in("sk", sk, SECRET_KEY_BYTES);
        final int rc;
        try {
            rc = (int) SIGN_DETACHED.invokeExact(sig, MemorySegment.NULL, m, mlen, sk);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_sign_ed25519_detached cannot fail: rc=" + rc);
        }
    }

    /**
     * Verifies the 64 bytes at {@code sig} over the {@code mlen} bytes at {@code m} under the 32 bytes at {@code pk}.
     */
    public static boolean verifyDetached(MemorySegment sig, MemorySegment m, long mlen, MemorySegment pk) {
        Raw.in("sig", sig, SIGNATURE_BYTES);
        Raw.in("m", m, mlen);
        Raw.in("pk", pk, PUBLIC_KEY_BYTES);
        try {
            return 0 == (int) VERIFY_DETACHED.invokeExact(sig, m, mlen, pk);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }
}
