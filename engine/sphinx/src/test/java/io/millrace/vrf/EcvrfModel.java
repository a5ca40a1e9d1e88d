package io.millrace.vrf;

import io.millrace.vrf.Edwards25519Model.Point;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * ECVRF over {@link Edwards25519Model} and the JDK's SHA-512, step by step as RFC 9381 tells it. A forger's proofs can be
 * made with it as well: gammas and keys of mixed order.
 */
final class EcvrfModel {
    private final EcvrfSuite suite;

    EcvrfModel(EcvrfSuite suite) {
        this.suite = suite;
    }

    static BigInteger secretScalar(byte[] seed) {
        final byte[] hash = sha512(seed);
        hash[0] &= (byte) 0xf8;
        hash[31] &= 0x7f;
        hash[31] |= 0x40;
        return Edwards25519Model.number(hash, 32);
    }

    static byte[] publicKey(byte[] seed) {
        return Edwards25519Model.BASE.times(secretScalar(seed)).encode();
    }

    /** Section 5.1. */
    byte[] prove(byte[] seed, byte[] vrfInput) {
        final BigInteger x = secretScalar(seed);
        final Point h = encodeToCurve(publicKey(seed), vrfInput);
        final byte[] kString = sha512(Arrays.copyOfRange(sha512(seed), 32, 64), h.encode());
        final BigInteger k = Edwards25519Model.number(kString, 64).mod(Edwards25519Model.Q);
        return prove(x, Edwards25519Model.BASE.times(x), h, h.times(x), k);
    }

    /** The proof for a chosen key, gamma and nonce; valid or not, {@link #verify} tells. */
    byte[] prove(BigInteger x, Point key, Point h, Point gamma, BigInteger k) {
        final BigInteger c = challenge(key, h, gamma, Edwards25519Model.BASE.times(k), h.times(k));
        final BigInteger s = c.multiply(x).add(k).mod(Edwards25519Model.Q);
        return concat(gamma.encode(), Edwards25519Model.littleEndian(c, 16), Edwards25519Model.littleEndian(s, 32));
    }

    /** Section 5.3 with key validation; the output, or null for INVALID. */
    byte[] verify(byte[] publicKey, byte[] vrfInput, byte[] pi) {
        final Point y = Edwards25519Model.decode(publicKey);
        if (y == null || y.times8().equals(Edwards25519Model.IDENTITY) || pi.length != 80) {
            return null;
        }
        final Point gamma = Edwards25519Model.decode(Arrays.copyOf(pi, 32));
        final BigInteger c = Edwards25519Model.number(Arrays.copyOfRange(pi, 32, 48), 16);
        final BigInteger s = Edwards25519Model.number(Arrays.copyOfRange(pi, 48, 80), 32);
        if (gamma == null || s.compareTo(Edwards25519Model.Q) >= 0) {
            return null;
        }
        final Point h = encodeToCurve(publicKey, vrfInput);
        final Point u = Edwards25519Model.BASE.times(s).minus(y.times(c));
        final Point v = h.times(s).minus(gamma.times(c));
        if (!challenge(y, h, gamma, u, v).equals(c)) {
            return null;
        }
        return sha512(new byte[] {suite.suiteString(), 3}, gamma.times8().encode(), new byte[1]);
    }

    /** Section 5.4.1. */
    Point encodeToCurve(byte[] publicKey, byte[] vrfInput) {
        if (suite == EcvrfSuite.ELL2) {
            return Edwards25519Model.mapToCurve(hashToField(concat(publicKey, vrfInput)))
                    .times8();
        }
        for (int counter = 0; ; counter++) {
            final byte[] hash =
                    sha512(new byte[] {suite.suiteString(), 1}, publicKey, vrfInput, new byte[] {(byte) counter, 0});
            final Point point = Edwards25519Model.decode(Arrays.copyOf(hash, 32));
            if (point != null && !point.times8().equals(Edwards25519Model.IDENTITY)) {
                return point.times8();
            }
        }
    }

    private BigInteger challenge(Point... points) {
        byte[] text = {suite.suiteString(), 2};
        for (Point point : points) {
            text = concat(text, point.encode());
        }
        return Edwards25519Model.number(sha512(text, new byte[1]), 16);
    }

    /** RFC 9380 sections 5.2 and 5.3.1. */
    private static BigInteger hashToField(byte[] message) {
        final byte[] dst =
                concat("ECVRF_edwards25519_XMD:SHA-512_ELL2_NU_".getBytes(StandardCharsets.US_ASCII), new byte[] {4});
        final byte[] dstPrime = concat(dst, new byte[] {(byte) dst.length});
        final byte[] b0 = sha512(new byte[128], message, new byte[] {0, 48, 0}, dstPrime);
        final byte[] b1 = sha512(b0, new byte[] {1}, dstPrime);
        return new BigInteger(1, Arrays.copyOf(b1, 48)).mod(Edwards25519Model.P);
    }

    private static byte[] sha512(byte[]... parts) {
        try {
            return MessageDigest.getInstance("SHA-512").digest(concat(parts));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] concat(byte[]... parts) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
