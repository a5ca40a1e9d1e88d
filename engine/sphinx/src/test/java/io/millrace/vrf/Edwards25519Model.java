package io.millrace.vrf;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * edwards25519 in affine coordinates over {@link BigInteger}, written from RFC 8032 and RFC 9380 without a look at the code
 * under test: plain, slow, and right for points of any order.
 */
final class Edwards25519Model {
    static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    static final BigInteger Q = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    static final BigInteger D = fraction(-121665, 121666);
    static final Point IDENTITY = new Point(BigInteger.ZERO, BigInteger.ONE);
    static final Point BASE = decode(littleEndian(fraction(4, 5), 32));

    /** An affine point. */
    record Point(BigInteger x, BigInteger y) {
        Point plus(Point other) {
            final BigInteger product = D.multiply(x)
                    .multiply(other.x)
                    .multiply(y)
                    .multiply(other.y)
                    .mod(P);
            return new Point(
                    x.multiply(other.y)
                            .add(y.multiply(other.x))
                            .multiply(BigInteger.ONE.add(product).modInverse(P))
                            .mod(P),
                    y.multiply(other.y)
                            .add(x.multiply(other.x))
                            .multiply(BigInteger.ONE.subtract(product).modInverse(P))
                            .mod(P));
        }

        Point minus(Point other) {
            return plus(new Point(other.x.negate().mod(P), other.y));
        }

        /** Without inversions but for the last one: RFC 8032 section 5.1.4. */
        Point times(BigInteger scalar) {
            final BigInteger[] point = {x, y, BigInteger.ONE, x.multiply(y).mod(P)};
            BigInteger[] result = {BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO};
            for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
                result = sum(result, result);
                if (scalar.testBit(bit)) {
                    result = sum(result, point);
                }
            }
            final BigInteger inverse = result[2].modInverse(P);
            return new Point(
                    result[0].multiply(inverse).mod(P),
                    result[1].multiply(inverse).mod(P));
        }

        Point times8() {
            final Point twice = plus(this);
            final Point four = twice.plus(twice);
            return four.plus(four);
        }

        byte[] encode() {
            return littleEndian(x.testBit(0) ? y.setBit(255) : y, 32);
        }
    }

    private Edwards25519Model() {}

    /** RFC 8032 section 5.1.3; null for an invalid encoding. */
    static Point decode(byte[] encoded) {
        final BigInteger number = number(encoded, 32);
        final BigInteger y = number.clearBit(255);
        if (y.compareTo(P) >= 0) {
            return null;
        }
        final BigInteger ySquared = y.multiply(y);
        final BigInteger square = ySquared.subtract(BigInteger.ONE)
                .multiply(D.multiply(ySquared).add(BigInteger.ONE).modInverse(P))
                .mod(P);
        final BigInteger x = root(square);
        if (x == null || (x.signum() == 0 && number.testBit(255))) {
            return null;
        }
        return new Point(x.testBit(0) == number.testBit(255) ? x : P.subtract(x), y);
    }

    /** The eight points whose order divides 8. */
    static List<Point> torsion() {
        // q times a point outside the prime-order subgroup; look for one of order 8.
        for (int y = 2; ; y++) {
            final Point point = decode(littleEndian(BigInteger.valueOf(y), 32));
            if (point != null) {
                final Point generator = point.times(Q);
                if (!generator.times(BigInteger.valueOf(4)).equals(IDENTITY)) {
                    final List<Point> points = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        points.add(generator.times(BigInteger.valueOf(i)));
                    }
                    return points;
                }
            }
        }
    }

    /** RFC 9380 sections 6.7.1 and 6.8.2, with inversions and square roots as given there. */
    static Point mapToCurve(BigInteger u) {
        final BigInteger j = BigInteger.valueOf(486662);
        final BigInteger denominator =
                u.multiply(u).shiftLeft(1).add(BigInteger.ONE).mod(P);
        final BigInteger x1 = denominator.signum() == 0
                ? j.negate().mod(P)
                : j.negate().multiply(denominator.modInverse(P)).mod(P);
        final BigInteger x2 = x1.negate().subtract(j).mod(P);
        BigInteger x = x1;
        BigInteger y = root(montgomery(x1, j));
        if (y != null) {
            y = y.testBit(0) ? y : P.subtract(y).mod(P); // sgn0(y) == 1
        } else {
            x = x2;
            y = root(montgomery(x2, j));
            y = y.testBit(0) ? P.subtract(y) : y; // sgn0(y) == 0
        }
        BigInteger c1 = root(BigInteger.valueOf(-486664).mod(P));
        c1 = c1.testBit(0) ? P.subtract(c1) : c1;
        final BigInteger plusOne = x.add(BigInteger.ONE).mod(P);
        if (y.signum() == 0 || plusOne.signum() == 0) {
            return IDENTITY;
        }
        return new Point(
                c1.multiply(x).multiply(y.modInverse(P)).mod(P),
                x.subtract(BigInteger.ONE).multiply(plusOne.modInverse(P)).mod(P));
    }

    /** A square root, or null. */
    static BigInteger root(BigInteger square) {
        final BigInteger candidate = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        final BigInteger other = candidate
                .multiply(BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P))
                .mod(P);
        if (candidate.multiply(candidate).mod(P).equals(square)) {
            return candidate;
        }
        return other.multiply(other).mod(P).equals(square) ? other : null;
    }

    static byte[] littleEndian(BigInteger number, int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    /** The number in the first {@code length} bytes, little endian. */
    static BigInteger number(byte[] littleEndian, int length) {
        BigInteger number = BigInteger.ZERO;
        for (int i = length - 1; i >= 0; i--) {
            number = number.shiftLeft(8).or(BigInteger.valueOf(Byte.toUnsignedInt(littleEndian[i])));
        }
        return number;
    }

    /** The sum of two points X, Y, Z, T with x = X / Z, y = Y / Z, x * y = T / Z. */
    private static BigInteger[] sum(BigInteger[] p, BigInteger[] q) {
        final BigInteger a = p[1].subtract(p[0]).multiply(q[1].subtract(q[0])).mod(P);
        final BigInteger b = p[1].add(p[0]).multiply(q[1].add(q[0])).mod(P);
        final BigInteger c = p[3].shiftLeft(1).multiply(D).mod(P).multiply(q[3]).mod(P);
        final BigInteger d = p[2].shiftLeft(1).multiply(q[2]).mod(P);
        final BigInteger e = b.subtract(a);
        final BigInteger f = d.subtract(c);
        final BigInteger g = d.add(c);
        final BigInteger h = b.add(a);
        return new BigInteger[] {
            e.multiply(f).mod(P),
            g.multiply(h).mod(P),
            f.multiply(g).mod(P),
            e.multiply(h).mod(P)
        };
    }

    private static BigInteger montgomery(BigInteger x, BigInteger j) {
        return x.pow(3).add(j.multiply(x).multiply(x)).add(x).mod(P);
    }

    private static BigInteger fraction(long numerator, long denominator) {
        return BigInteger.valueOf(numerator)
                .multiply(BigInteger.valueOf(denominator).modInverse(P))
                .mod(P);
    }
}
