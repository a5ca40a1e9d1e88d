package io.millrace.vrf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * One point of edwards25519 of any order, in projective coordinates: x = X / Z, y = Y / Z on -x^2 + y^2 = 1 + d x^2 y^2.
 *
 * <p>Complements libsodium's scalar multiplication: strict decoding, clearing the cofactor, encoding, and
 * the map of RFC 9380. For public points only; mutable, one per thread.
 *
 * <p>Source: RFC 8032 section 5.1; the doubling is dbl-2008-bbjlp.
 */
final class CurvePoint {
    /** Length of an encoded point in bytes. */
    static final int LENGTH = 32;

    private static final long[] ONE = Field25519.constant(BigInteger.ONE);
    private static final long[] D = Field25519.constant(
            BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(Field25519.P)));
    private static final long[] SQRT_MINUS_1 = Field25519.constant(
            BigInteger.TWO.modPow(Field25519.P.subtract(BigInteger.ONE).shiftRight(2), Field25519.P));

    private final Field25519 field = new Field25519();
    private final Elligator2 elligator2 = new Elligator2(field);
    private final long[] x = Field25519.element();
    private final long[] y = Field25519.element();
    private final long[] z = Field25519.element();
    private final long[] t0 = Field25519.element();
    private final long[] t1 = Field25519.element();
    private final long[] t2 = Field25519.element();

    /**
     * Decodes strictly: RFC 8032 section 5.1.3, which is RFC 9381's {@code string_to_point}. Its time depends on whether
     * it succeeds.
     *
     * @return false, with this point undefined, if y is not below p, if no x exists, or if x is 0 and its sign bit is 1.
     */
    boolean decode(MemorySegment segment, long offset) {
        Field25519.fromBytes(y, segment, offset);
        Field25519.set(z, 1);
        // x^2 = u / v with u = y^2 - 1 and v = d y^2 + 1; a root is u (u v)^((p - 5) / 8), or that times sqrt(-1).
        final long[] u = t0;
        final long[] v = t1;
        Field25519.square(u, y);
        Field25519.mul(v, u, D);
        Field25519.sub(u, u, ONE);
        Field25519.add(v, v, ONE);
        Field25519.mul(t2, u, v);
        field.pow22523(x, t2);
        Field25519.mul(x, x, u);
        Field25519.square(t2, x);
        Field25519.mul(t2, t2, v);
        final long root = field.equalMask(t2, u);
        Field25519.add(t2, t2, u);
        final long rootTimesI = field.zeroMask(t2);
        Field25519.mul(t2, x, SQRT_MINUS_1);
        Field25519.cmov(x, t2, ~root);
        final int sign = segment.get(JAVA_BYTE, offset + 31) >>> 7 & 1;
        negateX(-(field.sgn0(x) ^ sign));
        return (root | rootTimesI) != 0 && field.isCanonical(y) && field.sgn0(x) == sign;
    }

    /** Becomes the RFC 9380 map of the 48 uniform bytes at {@code offset}, cofactor not cleared. Constant time. */
    void mapToCurve(MemorySegment segment, long offset) {
        elligator2.map(x, y, z, segment, offset);
    }

    /** Becomes 8 times this point. */
    void clearCofactor() {
        doublePoint();
        doublePoint();
        doublePoint();
    }

    /** Becomes 2 times this point. */
    void doublePoint() {
        final long[] b = t0;
        final long[] c = t1;
        final long[] d = t2;
        Field25519.add(b, x, y);
        Field25519.square(b, b); // (X + Y)^2
        Field25519.square(c, x);
        Field25519.square(d, y);
        Field25519.sub(b, b, c);
        Field25519.sub(x, b, d); // 2XY
        Field25519.square(z, z);
        Field25519.add(z, z, z);
        Field25519.sub(b, d, c); // F = D - C, as a = -1
        Field25519.sub(z, b, z); // J = F - 2Z^2
        Field25519.mul(x, x, z); // 2XY * J
        Field25519.mul(z, b, z); // F * J
        Field25519.add(c, c, d);
        Field25519.set(t2, 0);
        Field25519.sub(c, t2, c);
        Field25519.mul(y, b, c); // F * (-C - D)
    }

    /** Whether this is the neutral element (0, 1). */
    boolean isIdentity() {
        return (field.zeroMask(x) & field.equalMask(y, z)) != 0;
    }

    /** Writes the 32-byte encoding: y, and the sign of x in bit 255. Changes only how this point is represented. */
    void encode(MemorySegment segment, long offset) {
        field.invert(t0, z);
        Field25519.mul(x, x, t0);
        Field25519.mul(y, y, t0);
        Field25519.set(z, 1);
        field.toBytes(y, segment, offset);
        final int top = segment.get(JAVA_BYTE, offset + 31) | (int) field.sgn0(x) << 7;
        segment.set(JAVA_BYTE, offset + 31, (byte) top);
    }

    Elligator2 elligator2() {
        return elligator2;
    }

    private void negateX(long mask) {
        Field25519.set(t2, 0);
        Field25519.sub(t2, t2, x);
        Field25519.cmov(x, t2, mask);
    }
}
