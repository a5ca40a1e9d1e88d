package io.millrace.natives;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_hash_sha512*}: SHA-512.
 *
 * <p>Source: FIPS 180-4; {@code sodium/crypto_hash_sha512.h}.
 */
public final class SodiumSha512 {
    /** Hash length in bytes. */
    public static final int BYTES = 64;

    /** Length of the multi-part state in bytes; 8-byte aligned. */
    public static final int STATE_BYTES = 208;

    // int crypto_hash_sha512(unsigned char *out, const unsigned char *in, unsigned long long inlen)
    private static final MethodHandle HASH = SodiumLibrary.function(
            "crypto_hash_sha512", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    // int crypto_hash_sha512_init(crypto_hash_sha512_state *state)
    private static final MethodHandle INIT =
            SodiumLibrary.function("crypto_hash_sha512_init", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

    // int crypto_hash_sha512_update(crypto_hash_sha512_state *state, const unsigned char *in,
    //     unsigned long long inlen)
    private static final MethodHandle UPDATE = SodiumLibrary.function(
            "crypto_hash_sha512_update", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    // int crypto_hash_sha512_final(crypto_hash_sha512_state *state, unsigned char *out)
    private static final MethodHandle FINAL =
            SodiumLibrary.function("crypto_hash_sha512_final", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    static {
        SodiumLibrary.requireSize("crypto_hash_sha512_bytes", BYTES);
        SodiumLibrary.requireSize("crypto_hash_sha512_statebytes", STATE_BYTES);
    }

    private SodiumSha512() {}

    /**
     * Writes the 64-byte hash of the {@code inlen} bytes at {@code in} to {@code out}.
     */
    public static void hash(long out, long in, long inlen) {
        Raw.address("out", out);
        Raw.address("in", in);
        Raw.length("inlen", inlen);
        final int rc;
        try {
            rc = (int) HASH.invokeExact(out, in, inlen);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_hash_sha512 cannot fail: rc=" + rc);
        }
    }

    /**
     * Starts a hash in {@code state}.
     */
    public static void init(long state) {
        Raw.address("state", state);
        final int rc;
        try {
            rc = (int) INIT.invokeExact(state);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_hash_sha512_init cannot fail: rc=" + rc);
        }
    }

    /**
     * Takes in {@code inlen} more bytes.
     */
    public static void update(long state, long in, long inlen) {
        Raw.address("state", state);
        Raw.address("in", in);
        Raw.length("inlen", inlen);
        final int rc;
        try {
            rc = (int) UPDATE.invokeExact(state, in, inlen);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_hash_sha512_update cannot fail: rc=" + rc);
        }
    }

    /**
     * Writes the 64-byte hash to {@code out} and wipes {@code state}.
     */
    public static void finish(long state, long out) {
        Raw.address("state", state);
        Raw.address("out", out);
        final int rc;
        try {
            rc = (int) FINAL.invokeExact(state, out);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_hash_sha512_final cannot fail: rc=" + rc);
        }
    }
}
