package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.natives.SodiumCoreEd25519;
import io.millrace.natives.SodiumScalarmultEd25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Points of edwards25519, as 32-byte encodings in native segments; for protocols that need more than Ed25519.
 *
 * <p>Results are canonical encodings. An output may be one of the inputs. Allocates nothing.
 *
 * <p>Source: RFC 8032 section 5.1; libsodium's {@code crypto_core_ed25519.h}.
 */
public final class EdwardsPoints {
    /** Length of an encoded point in bytes. */
    public static final int LENGTH = SodiumCoreEd25519.BYTES;

    /** The neutral element: x = 0, y = 1. */
    private static final MemorySegment IDENTITY = identity();

    private EdwardsPoints() {}

    /**
     * Decodes {@code p} strictly and writes the same 32 bytes to {@code out}: {@code string_to_point} of RFC 9381. The
     * point may be of any order.
     *
     * @param out native, receives 32 bytes.
     * @param p native, 32 bytes.
     * @return false, with {@code out} undefined, if {@code p} is not the canonical encoding of a point on the curve.
     *     <p>Source: RFC 8032 section 5.1.3.
     */
    public static boolean decode(MemorySegment out, MemorySegment p) {
        final MemorySegment copy = Operands.out("out", out, LENGTH);
        if (copy.address() == Operands.in("p", p, LENGTH).address()) {
            throw new IllegalArgumentException("decode cannot work in place");
        }
        // libsodium decodes leniently but always encodes canonically, so p + 0 = p shows the canonical encoding.
        return SodiumCoreEd25519.add(copy, p, IDENTITY) && out.mismatch(p) == -1;
    }

    /**
     * Whether {@code p} is the canonical encoding of a point of the prime-order subgroup other than the identity.
     *
     * @param p native, 32 bytes.
     */
    public static boolean isInSubgroup(MemorySegment p) {
        return SodiumCoreEd25519.isValidPoint(Operands.in("p", p, LENGTH));
    }

    /**
     * Whether {@code p} is the canonical encoding of the identity.
     *
     * @param p native, 32 bytes.
     */
    public static boolean isIdentity(MemorySegment p) {
        Operands.in("p", p, LENGTH);
        return p.mismatch(IDENTITY) == -1;
    }

    /**
     * Writes {@code p + q} to {@code out}, for points of any order.
     *
     * @param out native, receives 32 bytes.
     * @param p native, 32 bytes.
     * @param q native, 32 bytes.
     * @return false if one of them is not on the curve; a non-canonical encoding is not noticed.
     */
    public static boolean add(MemorySegment out, MemorySegment p, MemorySegment q) {
        return SodiumCoreEd25519.add(
                Operands.out("out", out, LENGTH), Operands.in("p", p, LENGTH), Operands.in("q", q, LENGTH));
    }

    /**
     * Writes {@code p - q} to {@code out}, for points of any order.
     *
     * @param out native, receives 32 bytes.
     * @param p native, 32 bytes.
     * @param q native, 32 bytes.
     * @return false if one of them is not on the curve; a non-canonical encoding is not noticed.
     */
    public static boolean subtract(MemorySegment out, MemorySegment p, MemorySegment q) {
        return SodiumCoreEd25519.sub(
                Operands.out("out", out, LENGTH), Operands.in("p", p, LENGTH), Operands.in("q", q, LENGTH));
    }

    /**
     * Writes {@code 8 * p} to {@code out}, for a point of any order; the identity is a result like others.
     *
     * @param out native, receives 32 bytes.
     * @param p native, 32 bytes.
     * @return false if {@code p} is not on the curve; a non-canonical encoding is not noticed.
     */
    public static boolean multiplyByCofactor(MemorySegment out, MemorySegment p) {
        return add(out, p, p) && add(out, out, out) && add(out, out, out);
    }

    /**
     * Writes {@code scalar * p} to {@code out}; the scalar is taken as it is, except that bit 255 is ignored. Constant
     * time in the scalar.
     *
     * @param out native, receives 32 bytes.
     * @param scalar native, 32 bytes little endian.
     * @param p native, 32 bytes.
     * @return false if {@code p} is not the canonical encoding of a point of the prime-order subgroup other than the
     *     identity, or if the result is the identity.
     */
    public static boolean multiply(MemorySegment out, MemorySegment scalar, MemorySegment p) {
        return SodiumScalarmultEd25519.noclamp(
                Operands.out("out", out, LENGTH),
                Operands.in("scalar", scalar, EdwardsScalars.LENGTH),
                Operands.in("p", p, LENGTH));
    }

    /**
     * Writes {@code scalar} times the base point to {@code out}; the scalar is taken as it is, except that bit 255 is
     * ignored. Constant time in the scalar.
     *
     * @param out native, receives 32 bytes.
     * @param scalar native, 32 bytes little endian.
     * @return false if the result is the identity.
     */
    public static boolean multiplyBase(MemorySegment out, MemorySegment scalar) {
        return SodiumScalarmultEd25519.baseNoclamp(
                Operands.out("out", out, LENGTH), Operands.in("scalar", scalar, EdwardsScalars.LENGTH));
    }

    /**
     * Maps {@code uniform}, 32 bytes, to a point of the prime-order subgroup: Elligator 2 over the low 255 bits, sign of
     * x from bit 255, cofactor cleared.
     *
     * @param out native, receives 32 bytes.
     * @param uniform native, 32 bytes.
     */
    public static void fromUniform(MemorySegment out, MemorySegment uniform) {
        SodiumCoreEd25519.fromUniform(
                Operands.out("out", out, LENGTH), Operands.in("uniform", uniform, SodiumCoreEd25519.UNIFORM_BYTES));
    }

    private static MemorySegment identity() {
        final MemorySegment identity = Arena.global().allocate(LENGTH);
        identity.set(JAVA_BYTE, 0, (byte) 1);
        return identity.asReadOnly();
    }
}
