package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_scalarmult_curve25519*}: X25519.
 *
 * <p>Source: RFC 7748 section 5; {@code sodium/crypto_scalarmult_curve25519.h}.
 */
public final class SodiumX25519 {
    /** Length of a u-coordinate in bytes. */
    public static final int BYTES = 32;

    /** Length of a scalar in bytes. */
    public static final int SCALAR_BYTES = 32;

    // int crypto_scalarmult_curve25519(unsigned char *q, const unsigned char *n, const unsigned char *p)
    private static final MethodHandle SCALARMULT = SodiumLibrary.function(
            "crypto_scalarmult_curve25519", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

    // int crypto_scalarmult_curve25519_base(unsigned char *q, const unsigned char *n)
    private static final MethodHandle BASE = SodiumLibrary.function(
            "crypto_scalarmult_curve25519_base", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_scalarmult_curve25519_bytes", BYTES);
        SodiumLibrary.requireSize("crypto_scalarmult_curve25519_scalarbytes", SCALAR_BYTES);
    }

    private SodiumX25519() {}

    /**
     * Multiplies the point at {@code p} by the scalar at {@code n} and writes the u-coordinate to {@code q}.
     *
     * @return false if the result is all zero, that is for a point of low order; {@code q} must not be used then.
     */
    public static boolean scalarmult(MemorySegment q, MemorySegment n, MemorySegment p) {
        Raw.out("q", q, BYTES);
        Raw.in("n", n, SCALAR_BYTES);
        Raw.in("p", p, BYTES);
        try {
            return 0 == (int) SCALARMULT.invokeExact(q, n, p);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Multiplies the base point by the scalar at {@code n} and writes the u-coordinate to {@code q}. */
    public static void scalarmultBase(MemorySegment q, MemorySegment n) {
        Raw.out("q", q, BYTES);
        Raw.in("n", n, SCALAR_BYTES);
        final int rc;
        try {
            rc = (int) BASE.invokeExact(q, n);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("scalarmult_base cannot fail: rc=" + rc);
        }
    }
}
