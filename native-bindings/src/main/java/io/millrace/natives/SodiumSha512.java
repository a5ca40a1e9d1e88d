package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
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
    private static final MethodHandle HASH =
            SodiumLibrary.function("crypto_hash_sha512", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));

    // int crypto_hash_sha512_init(crypto_hash_sha512_state *state)
    private static final MethodHandle INIT =
            SodiumLibrary.function("crypto_hash_sha512_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    // int crypto_hash_sha512_update(crypto_hash_sha512_state *state, const unsigned char *in,
    //     unsigned long long inlen)
    private static final MethodHandle UPDATE = SodiumLibrary.function(
            "crypto_hash_sha512_update", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));

    // int crypto_hash_sha512_final(crypto_hash_sha512_state *state, unsigned char *out)
    private static final MethodHandle FINAL =
            SodiumLibrary.function("crypto_hash_sha512_final", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_hash_sha512_bytes", BYTES);
        SodiumLibrary.requireSize("crypto_hash_sha512_statebytes", STATE_BYTES);
    }

    private SodiumSha512() {}

    /**
     * Writes the 64-byte hash of the {@code inlen} bytes at {@code in} to {@code out}.
     */
    public static void hash(MemorySegment out, MemorySegment in, long inlen) {
        Raw.out("out", out, BYTES);
        Raw.in("in", in, inlen);
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
    public static void init(MemorySegment state) {
        Raw.state("state", state, STATE_BYTES);
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
    public static void update(MemorySegment state, MemorySegment in, long inlen) {
        Raw.state("state", state, STATE_BYTES);
        Raw.in("in", in, inlen);
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
    public static void finish(MemorySegment state, MemorySegment out) {
        Raw.state("state", state, STATE_BYTES);
        Raw.out("out", out, BYTES);
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
