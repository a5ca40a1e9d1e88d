package io.millrace.vrf;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * Elligator 2 for edwards25519 with the signs of RFC 9380, which differ from libsodium's
 * {@code crypto_core_ed25519_from_uniform}: there the sign of the Edwards x is an input, here the sign of the Montgomery
 * y follows from which candidate is on the curve. Straight-line, constant time.
 *
 * <p>Source: RFC 9380 sections 6.7.1, 6.8.2 and D.1, appendices G.2.1 and G.2.2. The variables have their names there.
 */
final class Elligator2 {
    private static final BigInteger P = Field25519.P;
    private static final long[] J = Field25519.constant(BigInteger.valueOf(486662));
    private static final long[] MINUS_J = Field25519.constant(BigInteger.valueOf(-486662));
    private static final long[] ONE = Field25519.constant(BigInteger.ONE);
    private static final long[] ZERO = Field25519.element();
    private static final long[] C2 = Field25519.constant(
            BigInteger.TWO.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P));
    private static final BigInteger ROOT_OF_MINUS_1 =
            BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);
    private static final long[] C3 = Field25519.constant(ROOT_OF_MINUS_1);
    private static final long[] SQRT_MINUS_486664 = Field25519.constant(evenRoot(BigInteger.valueOf(-486664)));

    private final Field25519 field;
    private final long[] u = Field25519.element();
    private final long[] tv1 = Field25519.element();
    private final long[] tv2 = Field25519.element();
    private final long[] tv3 = Field25519.element();
    private final long[] xd = Field25519.element();
    private final long[] gxd = Field25519.element();
    private final long[] gx1 = Field25519.element();
    private final long[] yd = Field25519.element();
    private final long[] y1 = Field25519.element();
    private final long[] y2 = Field25519.element();

    Elligator2(Field25519 field) {
        this.field = field;
    }

    /** Writes the point of the 48 big-endian bytes at {@code offset}, as x = X / Z and y = Y / Z. */
    void map(long[] x, long[] y, long[] z, MemorySegment segment, long offset) {
        Field25519.fromUniform48(u, segment, offset);
        final long[] xn = x;
        final long[] yMontgomery = y;
        mapToCurve25519(xn, yMontgomery);

        // xM = xn / xd, yM = yMontgomery; on the Edwards curve x = c1 xM / yM and y = (xM - 1) / (xM + 1).
        Field25519.mul(tv1, xd, yMontgomery); // denominator of x
        Field25519.mul(tv2, xn, SQRT_MINUS_486664); // numerator of x
        Field25519.sub(tv3, xn, xd); // numerator of y
        Field25519.add(yd, xn, xd); // denominator of y
        Field25519.mul(z, tv1, yd);
        final long exceptional = field.zeroMask(z);
        Field25519.cmov(tv2, ZERO, exceptional);
        Field25519.cmov(tv1, ONE, exceptional);
        Field25519.cmov(tv3, ONE, exceptional);
        Field25519.cmov(yd, ONE, exceptional);
        Field25519.cmov(z, ONE, exceptional);
        Field25519.mul(x, tv2, yd);
        Field25519.mul(y, tv3, tv1);
    }

    /** The field element that was mapped last. */
    long[] u() {
        return u;
    }

    /** Numerator of g(x1) of the last map. */
    long[] gx1() {
        return gx1;
    }

    /** Denominator of g(x1) of the last map. */
    long[] gxd() {
        return gxd;
    }

    /** Sets {@code xn / xd} (this object's xd) and {@code y} to the point of {@code u} on curve25519. */
    private void mapToCurve25519(long[] xn, long[] y) {
        Field25519.square(tv1, u);
        Field25519.add(tv1, tv1, tv1);
        Field25519.add(xd, tv1, ONE); // never zero: -1 is a square, 2u^2 is not
        Field25519.square(tv2, xd);
        Field25519.mul(gxd, tv2, xd);
        Field25519.mul(gx1, J, tv1);
        Field25519.mul(gx1, gx1, MINUS_J);
        Field25519.add(gx1, gx1, tv2);
        Field25519.mul(gx1, gx1, MINUS_J); // x1 = -J / xd and g(x1) = gx1 / gxd
        Field25519.square(tv3, gxd);
        Field25519.square(tv2, tv3);
        Field25519.mul(tv3, tv3, gxd);
        Field25519.mul(tv3, tv3, gx1);
        Field25519.mul(tv2, tv2, tv3);
        field.pow22523(y1, tv2);
        Field25519.mul(y1, y1, tv3); // y11

        // The root of g(x2), if that is the square: g(x2) = 2 u^2 g(x1).
        Field25519.mul(y2, y1, u);
        Field25519.mul(y2, y2, C2);
        Field25519.mul(tv3, gx1, tv1);
        chooseRoot(y2, tv3);

        // The root of g(x1), if that is the square.
        chooseRoot(y1, gx1);
        Field25519.square(tv2, y1);
        Field25519.mul(tv2, tv2, gxd);
        final long first = field.equalMask(tv2, gx1); // e3

        Field25519.mul(xn, MINUS_J, tv1);
        Field25519.cmov(xn, MINUS_J, first);
        Field25519.copy(y, y2);
        Field25519.cmov(y, y1, first);
        Field25519.sub(tv2, ZERO, y);
        Field25519.cmov(y, tv2, first ^ -field.sgn0(y)); // e3 XOR e4
    }

    /** Multiplies {@code root} by sqrt(-1) unless its square is {@code gx / gxd} already. */
    private void chooseRoot(long[] root, long[] gx) {
        Field25519.square(tv2, root);
        Field25519.mul(tv2, tv2, gxd);
        final long right = field.equalMask(tv2, gx);
        Field25519.mul(tv2, root, C3);
        Field25519.cmov(root, tv2, ~right);
    }

    /** The square root whose lowest bit is 0. */
    private static BigInteger evenRoot(BigInteger square) {
        BigInteger root = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        if (!root.multiply(root).subtract(square).mod(P).equals(BigInteger.ZERO)) {
            root = root.multiply(ROOT_OF_MINUS_1).mod(P);
        }
        return root.testBit(0) ? P.subtract(root) : root;
    }
}
