package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_auth_hmacsha256*}: HMAC-SHA-256.
 *
 * <p>Source: RFC 2104, FIPS 180-4; {@code sodium/crypto_auth_hmacsha256.h}.
 */
public final class SodiumHmacSha256 {
    /** Tag length in bytes. */
    public static final int BYTES = 32;

    /** Key length of the one-shot form in bytes. */
    public static final int KEY_BYTES = 32;

    /** Length of the multi-part state in bytes; 8-byte aligned. */
    public static final int STATE_BYTES = 208;

    // int crypto_auth_hmacsha256_verify(const unsigned char *h, const unsigned char *in, unsigned long long inlen,
    //     const unsigned char *k)
    private static final MethodHandle VERIFY = SodiumLibrary.function(
            "crypto_auth_hmacsha256_verify", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

    // int crypto_auth_hmacsha256_init(crypto_auth_hmacsha256_state *state, const unsigned char *key, size_t keylen)
    private static final MethodHandle INIT = SodiumLibrary.function(
            "crypto_auth_hmacsha256_init", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));

    // int crypto_auth_hmacsha256_update(crypto_auth_hmacsha256_state *state, const unsigned char *in,
    //     unsigned long long inlen)
    private static final MethodHandle UPDATE = SodiumLibrary.function(
            "crypto_auth_hmacsha256_update", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));

    // int crypto_auth_hmacsha256_final(crypto_auth_hmacsha256_state *state, unsigned char *out)
    private static final MethodHandle FINAL =
            SodiumLibrary.function("crypto_auth_hmacsha256_final", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_auth_hmacsha256_bytes", BYTES);
        SodiumLibrary.requireSize("crypto_auth_hmacsha256_keybytes", KEY_BYTES);
        SodiumLibrary.requireSize("crypto_auth_hmacsha256_statebytes", STATE_BYTES);
    }

    private SodiumHmacSha256() {}

    /**
     * Verifies the 32-byte tag at {@code h} in constant time.
     */
    public static boolean verify(MemorySegment h, MemorySegment in, long inlen, MemorySegment k) {
        Raw.in("h", h, BYTES);
        Raw.in("in", in, inlen);
        Raw.in("k", k, KEY_BYTES);
        try {
            return 0 == (int) VERIFY.invokeExact(h, in, inlen, k);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Starts a tag in {@code state} under a key of {@code keylen} bytes, any length.
     */
    public static void init(MemorySegment state, MemorySegment key, long keylen) {
        Raw.state("state", state, STATE_BYTES);
        Raw.in("key", key, keylen);
        final int rc;
        try {
            rc = (int) INIT.invokeExact(state, key, keylen);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_auth_hmacsha256_init cannot fail: rc=" + rc);
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
            throw new AssertionError("crypto_auth_hmacsha256_update cannot fail: rc=" + rc);
        }
    }

    /**
     * Writes the 32-byte tag to {@code out}; the state is wiped or spent and must be started again.
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
            throw new AssertionError("crypto_auth_hmacsha256_final cannot fail: rc=" + rc);
        }
    }
}
