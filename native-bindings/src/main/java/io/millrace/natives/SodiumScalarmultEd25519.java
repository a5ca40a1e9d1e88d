package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_scalarmult_ed25519_*_noclamp}: multiplication of edwards25519 points by scalars taken as they are.
 *
 * <p>Bit 255 of the scalar is ignored. After false the output is untouched or the identity.
 *
 * <p>Source: {@code sodium/crypto_scalarmult_ed25519.h}.
 */
public final class SodiumScalarmultEd25519 {
    /** Length of an encoded point in bytes. */
    public static final int BYTES = 32;

    /** Length of a scalar in bytes. */
    public static final int SCALAR_BYTES = 32;

    // int crypto_scalarmult_ed25519_noclamp(unsigned char *q, const unsigned char *n, const unsigned char *p)
    private static final MethodHandle NOCLAMP = SodiumLibrary.function(
            "crypto_scalarmult_ed25519_noclamp", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

    // int crypto_scalarmult_ed25519_base_noclamp(unsigned char *q, const unsigned char *n)
    private static final MethodHandle BASE_NOCLAMP = SodiumLibrary.function(
            "crypto_scalarmult_ed25519_base_noclamp", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_scalarmult_ed25519_bytes", BYTES);
        SodiumLibrary.requireSize("crypto_scalarmult_ed25519_scalarbytes", SCALAR_BYTES);
    }

    private SodiumScalarmultEd25519() {}

    /**
     * Writes {@code n * p} to {@code q}.
     *
     * @return false if {@code p} is not canonical, not on the curve, of small order or outside the prime-order subgroup, or
     *     if the result is the identity, or if {@code n} is 32 zero bytes.
     */
    public static boolean noclamp(MemorySegment q, MemorySegment n, MemorySegment p) {
        Raw.out("q", q, BYTES);
        Raw.in("n", n, SCALAR_BYTES);
        Raw.in("p", p, BYTES);
        try {
            return 0 == (int) NOCLAMP.invokeExact(q, n, p);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Writes {@code n} times the base point to {@code q}.
     *
     * @return false if the result is the identity or {@code n} is 32 zero bytes.
     */
    public static boolean baseNoclamp(MemorySegment q, MemorySegment n) {
        Raw.out("q", q, BYTES);
        Raw.in("n", n, SCALAR_BYTES);
        try {
            return 0 == (int) BASE_NOCLAMP.invokeExact(q, n);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }
}
