package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_onetimeauth_poly1305*}: the one-time authenticator.
 *
 * <p>Source: RFC 8439 section 2.5; {@code sodium/crypto_onetimeauth_poly1305.h}.
 */
public final class SodiumPoly1305 {
    /** Tag length in bytes. */
    public static final int BYTES = 16;

    /** Key length in bytes. */
    public static final int KEY_BYTES = 32;

    // int crypto_onetimeauth_poly1305(unsigned char *out, const unsigned char *in, unsigned long long inlen,
    //     const unsigned char *k)
    private static final MethodHandle ONETIMEAUTH = SodiumLibrary.function(
            "crypto_onetimeauth_poly1305", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

    // int crypto_onetimeauth_poly1305_verify(const unsigned char *h, const unsigned char *in, unsigned long long inlen,
    //     const unsigned char *k)
    private static final MethodHandle VERIFY = SodiumLibrary.function(
            "crypto_onetimeauth_poly1305_verify",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_onetimeauth_poly1305_bytes", BYTES);
        SodiumLibrary.requireSize("crypto_onetimeauth_poly1305_keybytes", KEY_BYTES);
    }

    private SodiumPoly1305() {}

    /**
     * Writes the 16-byte tag of the {@code inlen} bytes at {@code in} to {@code out}; {@code k} serves one message only.
     */
    public static void onetimeauth(MemorySegment out, MemorySegment in, long inlen, MemorySegment k) {
        Raw.out("out", out, BYTES);
        Raw.in("in", in, inlen);
        Raw.in("k", k, KEY_BYTES);
        final int rc;
        try {
            rc = (int) ONETIMEAUTH.invokeExact(out, in, inlen, k);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_onetimeauth_poly1305 cannot fail: rc=" + rc);
        }
    }

    /**
     * Verifies the 16-byte tag at {@code h} in constant time.
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
}
