package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_core_ed25519_*}: points and scalars of edwards25519.
 *
 * <p>Points are 32-byte encodings (RFC 8032 section 5.1.2), scalars 32 bytes little endian. {@link #add} and
 * {@link #sub} take points of any order and also non-canonical encodings; their result is always canonical. Scalar
 * results are reduced modulo the group order. Every output may be one of its inputs.
 *
 * <p>Source: {@code sodium/crypto_core_ed25519.h}, libsodium 1.0.18 and later.
 */
public final class SodiumCoreEd25519 {
    /** Length of an encoded point in bytes. */
    public static final int BYTES = 32;

    /** Length of the input of {@link #fromUniform} in bytes. */
    public static final int UNIFORM_BYTES = 32;

    /** Length of a scalar in bytes. */
    public static final int SCALAR_BYTES = 32;

    /** Length of the input of {@link #scalarReduce} in bytes. */
    public static final int NON_REDUCED_SCALAR_BYTES = 64;

    // int crypto_core_ed25519_is_valid_point(const unsigned char *p)
    private static final MethodHandle IS_VALID_POINT =
            SodiumLibrary.function("crypto_core_ed25519_is_valid_point", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    // int crypto_core_ed25519_add(unsigned char *r, const unsigned char *p, const unsigned char *q)
    private static final MethodHandle ADD = SodiumLibrary.function(
            "crypto_core_ed25519_add", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

    // int crypto_core_ed25519_sub(unsigned char *r, const unsigned char *p, const unsigned char *q)
    private static final MethodHandle SUB = SodiumLibrary.function(
            "crypto_core_ed25519_sub", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

    // int crypto_core_ed25519_from_uniform(unsigned char *p, const unsigned char *r)
    private static final MethodHandle FROM_UNIFORM = SodiumLibrary.function(
            "crypto_core_ed25519_from_uniform", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

    // int crypto_core_ed25519_scalar_invert(unsigned char *recip, const unsigned char *s)
    private static final MethodHandle SCALAR_INVERT = SodiumLibrary.function(
            "crypto_core_ed25519_scalar_invert", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

    // void crypto_core_ed25519_scalar_negate(unsigned char *neg, const unsigned char *s)
    private static final MethodHandle SCALAR_NEGATE =
            SodiumLibrary.function("crypto_core_ed25519_scalar_negate", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));

    // void crypto_core_ed25519_scalar_add(unsigned char *z, const unsigned char *x, const unsigned char *y)
    private static final MethodHandle SCALAR_ADD = SodiumLibrary.function(
            "crypto_core_ed25519_scalar_add", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));

    // void crypto_core_ed25519_scalar_sub(unsigned char *z, const unsigned char *x, const unsigned char *y)
    private static final MethodHandle SCALAR_SUB = SodiumLibrary.function(
            "crypto_core_ed25519_scalar_sub", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));

    // void crypto_core_ed25519_scalar_mul(unsigned char *z, const unsigned char *x, const unsigned char *y)
    private static final MethodHandle SCALAR_MUL = SodiumLibrary.function(
            "crypto_core_ed25519_scalar_mul", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));

    // void crypto_core_ed25519_scalar_reduce(unsigned char *r, const unsigned char *s)
    private static final MethodHandle SCALAR_REDUCE =
            SodiumLibrary.function("crypto_core_ed25519_scalar_reduce", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_core_ed25519_bytes", BYTES);
        SodiumLibrary.requireSize("crypto_core_ed25519_uniformbytes", UNIFORM_BYTES);
        SodiumLibrary.requireSize("crypto_core_ed25519_scalarbytes", SCALAR_BYTES);
        SodiumLibrary.requireSize("crypto_core_ed25519_nonreducedscalarbytes", NON_REDUCED_SCALAR_BYTES);
    }

    private SodiumCoreEd25519() {}

    /**
     * Whether {@code p} is the canonical encoding of a point of the prime-order subgroup other than the identity.
     */
    public static boolean isValidPoint(MemorySegment p) {
        Raw.in("p", p, BYTES);
        try {
            return 1 == (int) IS_VALID_POINT.invokeExact(p);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes {@code p + q} to {@code r}.
     *
     * @return false, with {@code r} untouched, if one of them is not on the curve.
     */
    public static boolean add(MemorySegment r, MemorySegment p, MemorySegment q) {
        Raw.out("r", r, BYTES);
        Raw.in("p", p, BYTES);
        Raw.in("q", q, BYTES);
        try {
            return 0 == (int) ADD.invokeExact(r, p, q);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes {@code p - q} to {@code r}.
     *
     * @return false, with {@code r} untouched, if one of them is not on the curve.
     */
    public static boolean sub(MemorySegment r, MemorySegment p, MemorySegment q) {
        Raw.out("r", r, BYTES);
        Raw.in("p", p, BYTES);
        Raw.in("q", q, BYTES);
        try {
            return 0 == (int) SUB.invokeExact(r, p, q);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Maps the 32 bytes at {@code r} to a point of the prime-order subgroup with Elligator 2, cofactor cleared.
     *
     * <p>Bit 255 of {@code r} selects the sign of x and the other 255 bits are the field element; this is not the map of
     * RFC 9380, which takes 48 bytes and fixes the sign.
     */
    public static void fromUniform(MemorySegment p, MemorySegment r) {
        Raw.out("p", p, BYTES);
        Raw.in("r", r, UNIFORM_BYTES);
        final int rc;
        try {
            rc = (int) FROM_UNIFORM.invokeExact(p, r);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_core_ed25519_from_uniform cannot fail: rc=" + rc);
        }
    }

    /**
     * Writes the multiplicative inverse of {@code s} to {@code recip}.
     *
     * @return false if {@code s} is 32 zero bytes.
     */
    public static boolean scalarInvert(MemorySegment recip, MemorySegment s) {
        Raw.out("recip", recip, SCALAR_BYTES);
        Raw.in("s", s, SCALAR_BYTES);
        try {
            return 0 == (int) SCALAR_INVERT.invokeExact(recip, s);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes {@code -s} to {@code neg}.
     */
    public static void scalarNegate(MemorySegment neg, MemorySegment s) {
        Raw.out("neg", neg, SCALAR_BYTES);
        Raw.in("s", s, SCALAR_BYTES);
        try {
            SCALAR_NEGATE.invokeExact(neg, s);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes {@code x + y} to {@code z}.
     */
    public static void scalarAdd(MemorySegment z, MemorySegment x, MemorySegment y) {
        Raw.out("z", z, SCALAR_BYTES);
        Raw.in("x", x, SCALAR_BYTES);
        Raw.in("y", y, SCALAR_BYTES);
        try {
            SCALAR_ADD.invokeExact(z, x, y);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes {@code x - y} to {@code z}.
     */
    public static void scalarSub(MemorySegment z, MemorySegment x, MemorySegment y) {
        Raw.out("z", z, SCALAR_BYTES);
        Raw.in("x", x, SCALAR_BYTES);
        Raw.in("y", y, SCALAR_BYTES);
        try {
            SCALAR_SUB.invokeExact(z, x, y);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes {@code x * y} to {@code z}.
     */
    public static void scalarMul(MemorySegment z, MemorySegment x, MemorySegment y) {
        Raw.out("z", z, SCALAR_BYTES);
        Raw.in("x", x, SCALAR_BYTES);
        Raw.in("y", y, SCALAR_BYTES);
        try {
            SCALAR_MUL.invokeExact(z, x, y);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes the 64 bytes at {@code s}, reduced modulo the group order, to the 32 bytes at {@code r}.
     */
    public static void scalarReduce(MemorySegment r, MemorySegment s) {
        Raw.out("r", r, SCALAR_BYTES);
        Raw.in("s", s, NON_REDUCED_SCALAR_BYTES);
        try {
            SCALAR_REDUCE.invokeExact(r, s);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }
}
